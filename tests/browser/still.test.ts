import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeClients, connect } from '../harness/client.ts';
import { furnish } from './furnish.ts';
import { paths } from './places.ts';
import { Visit } from './visit.ts';

/** What a text does that takes another's place while its row is under way is smaller. */
const SEEN = 0.001;

let visit: Visit;
/** The page of an app, and what it asks an agent. */
let busy: { path: string; ask: (thread: string) => Promise<void> };

/** An app and an agent that answers it at once. */
async function busyApp(organizationId: string): Promise<typeof busy> {
  const [app, agent] = [
    await visit.make('App', organizationId, 'Ticker'),
    await visit.make('Agent', organizationId, 'Bell'),
  ];
  const to = await connect(visit.door('agent'), { token: agent.token });
  const from = await connect(visit.door('app'), { token: app.token });
  const ask = async (thread: string): Promise<void> => {
    from.send({ type: 'event', agent_id: 'bell', thread_id: thread, payload: {} });
    const { event_id } = (await to.find('event', { thread_id: thread })).body;
    to.send({ type: 'reply', event_id, content: 'Ding.' });
    await from.find('reply', { event_id });
  };
  return { path: `/acme/apps/${encodeURIComponent(app.id)}`, ask };
}

beforeAll(async () => {
  visit = await Visit.start();
  await visit.page.goto(`${visit.url}/sign-in`);
  await visit.signIn('ada@acme.example');
  await visit.page.getByLabel('Organization name').waitFor();
  busy = await busyApp(await furnish(visit));
  await visit.page.addInitScript(`
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries())
        for (const { node, previousRect: from, currentRect: to } of shift.sources)
          window.shifts.push([shift.value.toFixed(4), node?.nodeName, node?.textContent?.slice(0, 60),
            from.x + ',' + from.y + ' to ' + to.x + ',' + to.y].join(' '));
    }).observe({ type: 'layout-shift', buffered: true });`);
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

const painted = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

/** Opens a page whose answers come in one by one, the last that was asked for first, each seen before the next. */
async function fill(path: string): Promise<void> {
  const { page } = visit;
  const held: Route[] = [];
  await page.route('**/graphql', (route) => void held.push(route));
  await page.goto(visit.url + path);
  const loading = page.getByLabel('Loading');
  do {
    const route = held.pop();
    if (route) {
      await route.continue();
      // None where the page before asked just as it was left.
      await route.request().response();
    }
    await painted(page);
  } while (held.length > 0 || (await loading.count()) > 0 || (await page.locator('h1').count()) === 0);
  await page.unroute('**/graphql');
}

test.each([
  [1440, 900],
  [390, 844],
])(
  'nothing moves while a page %i wide fills, in whatever order its answers come',
  async (width, height) => {
    const { page } = visit;
    await page.setViewportSize({ width, height });
    const moved: Record<string, unknown> = {};
    for (const [name, path] of Object.entries(paths)) {
      await fill(path);
      const shifts = await page.evaluate<string[]>('window.shifts');
      if (shifts.length > 0) moved[name] = shifts;
    }
    expect(moved).toEqual({});
  },
  120_000,
);

test.each([
  [1440, 900, () => ['/acme/events', busy.path, '/acme']],
  // Where the other pages' events are far below what is seen.
  [390, 844, () => ['/acme/events']],
])(
  'rows that come in live on a page %i wide push the others down smoothly, never by a jump',
  async (width, height, places) => {
    const { page } = visit;
    await page.setViewportSize({ width, height });
    for (const path of places()) {
      await page.goto(visit.url + path);
      const row = (thread: string) => page.getByRole('table').getByRole('row').filter({ hasText: thread });
      await page.locator('tr[data-event]').first().waitFor();
      const threads = Array.from({ length: 12 }, (_, n) => `ring-${width}-${n}-${path.length}`);
      for (const thread of threads.slice(0, 3)) {
        await busy.ask(thread);
        await row(thread).locator('[data-status="delivered"]').waitFor();
      }
      await Promise.all(threads.slice(3).map((thread) => busy.ask(thread)));
      await row(threads.at(-1)!).locator('[data-status="delivered"]').waitFor();
      const shifts = await page.evaluate<string[]>('window.shifts');
      expect(shifts.filter((shift) => Number.parseFloat(shift) >= SEEN)).toEqual([]);
    }
  },
  120_000,
);
