import type { Page, WebSocketRoute } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Held, overload } from './held.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const SAID = 'This page may be out of date. Relay is busy.';
const REFRESH_MS = 10_000;
const AGAIN_MS = 3_000;

/** A page whose time passes when it is told to. */
let page: Page;

beforeEach(async () => {
  page = await stage.visit.page.context().newPage();
  await page.clock.install();
});
afterEach(() => page.close());

const open = async (path: string, title: string): Promise<void> => {
  await page.goto(`${stage.visit.url}/acme${path}`);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
};
const overview = async (): Promise<void> => {
  await open('', 'Overview');
  await page.getByRole('region', { name: 'Needs attention' }).getByText('Nothing:').waitFor();
};
/** Lets so much time pass, and waits for the answer that is asked for then. */
const answered = (operation: string, ms: number): Promise<unknown> =>
  Promise.all([
    page.waitForResponse((response) =>
      Boolean(response.request().postData()?.includes(`"operationName":"${operation}"`)),
    ),
    page.clock.fastForward(ms),
  ]);

test('a page that cannot be read anew says so, keeps what it shows, and asks again by itself or when it is told to', async () => {
  await overview();
  await overload(page, 'Overview');
  await answered('Overview', REFRESH_MS);
  await answered('Overview', AGAIN_MS);
  await page.getByText(SAID).waitFor();
  await page.getByText('Nothing: all that has connected').waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(SAID).waitFor({ state: 'detached' });
  await overload(page, 'Overview');
  await answered('Overview', REFRESH_MS);
  await answered('Overview', AGAIN_MS);
  await page.getByText(SAID).waitFor();
  await page.unroute('**/graphql');
  await answered('Overview', 2 * AGAIN_MS);
  await page.getByText(SAID).waitFor({ state: 'detached' });
});

test('a single failure is not worth a word, and what is shown elsewhere says nothing of a page that was left', async () => {
  await overview();
  await page.evaluate(`new MutationObserver(() => {
    if (document.body.textContent.includes('out of date')) document.title = 'said';
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
  await overload(page, 'Overview');
  await answered('Overview', REFRESH_MS);
  await page.unroute('**/graphql');
  await answered('Overview', AGAIN_MS);
  expect(await page.title()).toBe('Overview · Relay');
  await overload(page, 'Overview');
  await answered('Overview', REFRESH_MS);
  await answered('Overview', AGAIN_MS);
  await page.getByText(SAID).waitFor();
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByText(SAID).waitFor({ state: 'detached' });
});

test('a page that nobody sees does not keep asking, and asks at once when it is seen again', async () => {
  await overview();
  await overload(page, 'Overview');
  await answered('Overview', REFRESH_MS);
  let asked = 0;
  page.on('request', (request) => {
    if (request.postData()?.includes('"operationName":"Overview"')) asked += 1;
  });
  const turn = (hidden: boolean): Promise<unknown> =>
    page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  await turn(true);
  for (let n = 0; n < 3; n += 1) await page.clock.fastForward(AGAIN_MS);
  // What was asked for before this is seen before it.
  await page.evaluate(`fetch('/favicon.svg')`);
  expect(asked).toBe(0);
  await turn(false);
  await expect.poll(() => asked).toBe(1);
});

test('an answer that takes longer than the time between two questions comes all the same', async () => {
  const held = await Held.back(page, 'Overview');
  await open('', 'Overview');
  await expect.poll(() => held.count()).toBe(1);
  for (let n = 0; n < 2; n += 1) await page.clock.fastForward(REFRESH_MS);
  // What was asked for before this is seen before it.
  await page.evaluate(`fetch('/favicon.svg')`);
  expect(held.count()).toBe(1);
  await held.release();
  await page.getByText('Nothing: all that has connected').waitFor();
});

test('an answer that never comes is not waited for for ever, nor is a dialog', async () => {
  await open('/settings', 'Settings');
  const held = await Held.back(page, 'UpdateOrganization');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => held.count()).toBe(1);
  await page.clock.fastForward(60_000);
  await page.getByRole('dialog').getByText('Relay cannot be reached.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a connection that is taken and never answered is interrupted like any other', async () => {
  await page.routeWebSocket(/graphql/, () => undefined);
  await overview();
  await page.clock.fastForward(10_000);
  // What is said waits for a moment more.
  await expect
    .poll(async () => {
      await page.clock.fastForward(1_500);
      return page.getByText('Live updates are interrupted. Reconnecting…').count();
    })
    .toBe(1);
});

/** Refuses a subscription as a server does that has too much to do, until `refusing` is false; `sever` ends the connections. */
async function refuse(operation: string): Promise<{ refusing: boolean; sever: () => Promise<unknown> }> {
  const sockets: WebSocketRoute[] = [];
  const state = {
    refusing: true,
    sever: () => Promise.all(sockets.splice(0).map((socket) => socket.close({ code: 1012 }))),
  };
  await page.routeWebSocket(/graphql/, (socket) => {
    sockets.push(socket);
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { id, payload } = JSON.parse(String(text)) as {
        id: string;
        payload?: { operationName?: string };
      };
      if (!state.refusing || payload?.operationName !== operation) return server.send(text);
      socket.send(JSON.stringify({ id, type: 'error', payload: [{ message: 'Relay is busy.' }] }));
    });
  });
  return state;
}
/** Lets time pass until the page says that it may be out of date. */
const said = (): Promise<unknown> =>
  expect
    .poll(async () => {
      await page.clock.fastForward(1_000);
      return page.getByText(SAID).count();
    })
    .toBe(1);

test.each([
  ['of connections', 'ConnectionChanged', '', 'Overview'],
  ['of the event logs', 'EventChanged', '/events', 'Event logs'],
])(
  'live updates %s that the server refuses say so, and are asked for again',
  async (_, operation, path, title) => {
    const refusal = await refuse(operation);
    await open(path, title);
    await said();
    await page.evaluate(`new MutationObserver(() => {
    if (!document.body.textContent.includes('out of date')) document.title = 'unsaid';
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    // It stays while it is asked again.
    for (let n = 0; n < 4; n += 1) {
      await page.clock.fastForward(8_000);
      await page.evaluate(`fetch('/favicon.svg')`);
    }
    expect(await page.title()).toBe(`${title} · Relay`);
    refusal.refusing = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(SAID).waitFor({ state: 'detached' });
  },
);

test('a history that could not be read anew is asked for until it comes', async () => {
  await stage.happens('history', {}, 'Once.');
  const { sever } = await refuse('nothing');
  await open('/events', 'Event logs');
  await page.getByRole('row').filter({ hasText: 'history' }).waitFor();
  await overload(page, 'Events');
  await sever();
  await said();
  await page.getByRole('row').filter({ hasText: 'history' }).waitFor();
  await page.unroute('**/graphql');
  await answered('Events', 4 * AGAIN_MS);
  await page.getByText(SAID).waitFor({ state: 'detached' });
});

test('what is no longer followed is no longer said to be out of date', async () => {
  const { sever } = await refuse('EventProgress');
  await open('/console', 'Console');
  await page.getByLabel('Message').fill('Are you there?');
  await page.keyboard.press('Enter');
  const id = String((await stage.agent.find('event')).body['event_id']);
  await said();
  stage.agent.send({ type: 'reply', event_id: id, content: 'Here.' });
  await expect
    .poll(() => stage.visit.graphql(`query Q($id: ID!) { event(id: $id) { status } }`, { id }))
    .toEqual({ event: { status: 'DELIVERED' } });
  await sever();
  await expect
    .poll(async () => {
      await page.clock.fastForward(1_000);
      return page.getByTestId('reply').count();
    })
    .toBe(1);
  await page.getByText(SAID).waitFor({ state: 'detached' });
});
