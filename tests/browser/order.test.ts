import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
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

test('an event that came while the history was read anew stays', async () => {
  const sockets: { close(options: { code: number }): Promise<void> }[] = [];
  await page.routeWebSocket(/graphql/, (socket) => {
    sockets.push(socket);
    socket.connectToServer();
  });
  await stage.happens('first', {}, 'One.');
  await open('events', 'Event logs');
  const row = (thread: string): Locator => page.getByRole('row').filter({ hasText: thread });
  await row('first').waitFor();
  const held = await Held.given(page, 'Events');
  await Promise.all(sockets.splice(0).map((socket) => socket.close({ code: 1012 })));
  await expect.poll(() => held.count(), { timeout: 15_000 }).toBe(1);
  await stage.happens('second', {}, 'Two.');
  await row('second').waitFor();
  await held.release();
  await taken();
  await stage.happens('third', {}, 'Three.');
  await row('third').waitFor();
  expect(await row('second').count()).toBe(1);
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
