import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeClients } from '../harness/client.ts';
import { furnish } from './furnish.ts';
import { paths } from './places.ts';
import { Visit } from './visit.ts';

let visit: Visit;

beforeAll(async () => {
  visit = await Visit.start();
  await visit.page.goto(`${visit.url}/sign-in`);
  await visit.signIn('ada@acme.example');
  await visit.page.getByLabel('Organization name').waitFor();
  await furnish(visit);
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
      const answered = page.waitForResponse((response) => response.request() === route.request());
      await route.continue();
      await answered;
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
