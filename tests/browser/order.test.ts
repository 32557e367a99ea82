import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { Held } from './held.ts';
import { useStage } from './stage.ts';

const stage = useStage();
let agents: Record<string, string>;
let page: Page;

beforeAll(async () => {
  const { visit } = stage;
  const { organization } = await visit.graphql(
    '{ organization(slug: "acme") { id agents { edges { node { id } } } } }',
  );
  const { id, agents: listed } = organization as unknown as {
    id: string;
    agents: { edges: { node: { id: string } }[] };
  };
  const hermes = await visit.make('Agent', id, 'Hermes');
  agents = { Athena: listed.edges[0]?.node.id ?? '', Hermes: hermes.id };
});
beforeEach(async () => {
  page = await stage.visit.page.context().newPage();
});
afterEach(() => page.close());

const open = async (path: string, title: string): Promise<void> => {
  await page.goto(`${stage.visit.url}/acme/${path}`);
  await heading(title).waitFor();
};
const heading = (name: string): Locator => page.getByRole('heading', { level: 1, name, exact: true });
const agentPath = (name: string): string => `agents/${encodeURIComponent(agents[name] ?? '')}`;
/** Goes to a page as the palette does, without loading it anew. */
const goTo = async (name: string): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await page.getByRole('option', { name }).first().waitFor();
  await page.keyboard.press('Enter');
};
/** What was let go is taken. */
const taken = (): Promise<unknown> => page.evaluate(`fetch('/favicon.svg')`);

/** Holds back that the changes of events are followed, upon which the page reads them anew, until it is called for. */
async function holdReady(): Promise<{ ready: Promise<() => void> }> {
  const ready = Promise.withResolvers<() => void>();
  await page.routeWebSocket(/graphql/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      if (/"eventChanged":.*"event":null/.test(String(text))) ready.resolve(() => socket.send(text));
      else socket.send(text);
    });
  });
  return { ready: ready.promise };
}

test('an event that came while the history was read anew stays', async () => {
  const { ready } = await holdReady();
  await stage.happens('first', {}, 'One.');
  await open('events', 'Event logs');
  const row = (thread: string): Locator => page.getByRole('row').filter({ hasText: thread });
  await row('first').waitFor();
  const held = await Held.given(page, 'Events');
  (await ready)();
  await expect.poll(() => held.count()).toBe(1);
  await stage.happens('second', {}, 'Two.');
  await row('second').waitFor();
  await held.release();
  await taken();
  await stage.happens('third', {}, 'Three.');
  await row('third').waitFor();
  expect(await row('second').count()).toBe(1);
});

test('an answer that was given before a connection ended does not bring it back', async () => {
  const told: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => told.push(String(payload))));
  await open('agents', 'Agents');
  const held = await Held.given(page, 'AgentDetail');
  await page.getByRole('link', { name: 'Athena' }).click();
  await expect.poll(() => held.count()).toBe(1);
  await stage.agent.close();
  const ended = (text: string): boolean =>
    text.includes(agents['Athena'] ?? '') && text.includes('"connected":false');
  await expect.poll(() => told.some(ended)).toBe(true);
  await held.release();
  await heading('Athena').waitFor();
  expect(await page.locator('main [data-connected]').first().getAttribute('data-connected')).toBe('false');
  await stage.connect();
});

describe('older events that are on their way', () => {
  const newest = Date.now() - 86_400_000;
  const row = (thread: string): Locator => page.getByRole('row').filter({ hasText: thread });
  /** Events a second apart, so many of each thread. */
  const record = (thread: string, count: number): Promise<void> =>
    stage.visit.sql(
      `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload,
         accepted_at, attempts, settled_at, latency_ms, reply_content, hand_over, handed_over_at)
       select e.id, a.organization_id, a.id, g.id, g.slug, $3, 'delivered', 'app', '{}', e.at, 1, e.at, 12, '"ok"',
         true, e.at from unnest($1::text[], $2::timestamptz[]) as e(id, at), app a, agent g
        where a.slug = 'portal' and g.slug = 'athena'`,
      [
        Array.from({ length: count }, (_, n) => `${eventIdFloor(newest - n * 1_000)}${thread}`),
        Array.from({ length: count }, (_, n) => new Date(newest - n * 1_000)),
        thread,
      ],
    );
  const older = (text: string | null, thread: string): boolean =>
    Boolean(text?.includes('"operationName":"Events"') && text.includes(thread) && /"after":"/.test(text));

  const toTheEnd = (): Promise<unknown> => page.evaluate('scrollTo(0, document.body.scrollHeight)');

  beforeAll(async () => {
    await record('0000001', 120);
    await record('0000002', 120);
    await record('0000003', 300);
  });

  test('do not come below a list that was read anew meanwhile', async () => {
    const { ready } = await holdReady();
    const read = page.waitForResponse((response) => older(response.request().postData(), '0000003'));
    await page.goto(`${stage.visit.url}/acme/events?thread=0000003`);
    await (await read).finished();
    await taken();
    const held = await Held.given(page, 'Events');
    (await ready)();
    await expect.poll(() => held.count()).toBe(1);
    await toTheEnd();
    await expect.poll(() => held.count()).toBe(2);
    // In the order in which they were asked for.
    await held.release();
    const table = page.getByRole('table', { name: 'Event logs' });
    await expect
      .poll(async () => {
        await toTheEnd();
        return table.getAttribute('aria-rowcount');
      })
      .toBe('300');
  });

  test('keep nobody waiting once the filter has changed', async () => {
    const asked = { before: 0, after: 0 };
    await page.route('**/graphql', (route) => {
      const text = route.request().postData();
      if (older(text, '0000002')) asked.after += 1;
      if (!older(text, '0000001')) return route.continue();
      asked.before += 1;
    });
    await page.goto(`${stage.visit.url}/acme/events?thread=0000001`);
    await row('0000001').first().waitFor();
    await toTheEnd();
    await expect.poll(() => asked.before).toBe(1);
    await page.getByLabel('Thread').first().fill('0000002');
    await row('0000002').first().waitFor();
    await toTheEnd();
    await expect.poll(() => asked.after).toBe(1);
  });
});

test('what is written for one agent is not there for the next', async () => {
  await open(agentPath('Hermes'), 'Hermes');
  await goTo('Athena');
  await heading('Athena').waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Agent Name').fill('Pallas');
  await page.goBack();
  await page.locator('h1').filter({ hasText: 'Hermes' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('what is asked about one event is not asked about the next', async () => {
  const [one, two] = [await stage.happens('one', {}, 'One.'), await stage.happens('two', {}, 'Two.')];
  const shown = (id: string): Promise<void> => page.locator('h1').filter({ hasText: id }).waitFor();
  await page.goto(`${stage.visit.url}/acme/events/${one}`);
  await shown(one);
  await goTo(two);
  await shown(two);
  await page.getByRole('button', { name: 'Resend', exact: true }).click();
  await page.getByRole('dialog').waitFor();
  await page.goBack();
  await shown(one);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a console that is gone to anew has nothing of the conversation before', async () => {
  await open('console?agent=' + encodeURIComponent(agents['Athena'] ?? ''), 'Console');
  await page.getByLabel('Message').fill('Are you there?');
  await page.keyboard.press('Enter');
  const id = String((await stage.agent.find('event')).body['event_id']);
  stage.agent.send({ type: 'reply', event_id: id, content: 'Here.' });
  await page.getByTestId('reply').waitFor();
  await page.getByRole('link', { name: 'Console', exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('thread')).toBeNull();
  expect(await page.getByTestId('reply').count()).toBe(0);
});
