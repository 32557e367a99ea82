import type { Page } from 'playwright-core';
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

test('live updates that the server refuses say so, and are asked for again', async () => {
  let refusing = true;
  await page.routeWebSocket(/graphql/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { id, payload } = JSON.parse(String(text)) as {
        id: string;
        payload?: { operationName?: string };
      };
      if (!refusing || payload?.operationName !== 'ConnectionChanged') return server.send(text);
      socket.send(JSON.stringify({ id, type: 'error', payload: [{ message: 'Relay is busy.' }] }));
    });
  });
  await overview();
  await expect
    .poll(async () => {
      await page.clock.fastForward(1_000);
      return page.getByText(SAID).count();
    })
    .toBe(1);
  refusing = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(SAID).waitFor({ state: 'detached' });
});
