import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { overload } from './held.ts';
import { focused, useStage } from './stage.ts';

const RECORDED = 10_000;

const stage = useStage();
/** The id of the oldest event there is. */
let oldest = '';

const list = (): Locator => stage.visit.page.getByRole('table', { name: 'Event logs' });
const rowOf = (text: string): Locator => list().getByRole('row').filter({ hasText: text });
const sheet = (): Locator => stage.visit.page.getByRole('complementary', { name: 'Event' });

/** A long history, a second between one event and the next, the newest a day ago; returns the oldest one's id. */
async function record(count: number): Promise<string> {
  const newest = Date.now() - 86_400_000;
  const times = Array.from({ length: count }, (_, n) => newest - n * 1_000);
  const ids = times.map((time) => `${eventIdFloor(time)}0000001`);
  await stage.visit.sql(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload,
       accepted_at, attempts, settled_at, latency_ms, reply_content, hand_over, handed_over_at)
     select e.id, a.organization_id, a.id, g.id, g.slug, 'history', 'delivered', 'app', '{}', e.at, 1, e.at, 12, '"ok"',
       true, e.at from unnest($1::text[], $2::timestamptz[]) as e(id, at), app a, agent g where a.slug = 'portal' and g.slug = 'athena'`,
    [ids, times.map((time) => new Date(time))],
  );
  return ids.at(-1)!;
}

async function toTheOldest(): Promise<void> {
  await expect
    .poll(async () => {
      await stage.visit.page.evaluate('scrollTo(0, document.body.scrollHeight)');
      return rowOf(oldest).count();
    })
    .toBe(1);
}

describe('the event logs', () => {
  test('are walked through by keys, beside the event that is open', async () => {
    const { page } = stage.visit;
    const [first, second] = [
      await stage.happens('walk', { n: 1 }, 'One.'),
      await stage.happens('walk', { n: 2 }, 'Two.'),
    ];
    await page.goto(`${stage.visit.url}/acme/events`);
    await rowOf(second).waitFor();
    await page.keyboard.press('j');
    expect(await focused(rowOf(second).getByRole('link'))).toBe(true);
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await sheet().getByRole('heading', { name: second }).waitFor();
    expect(stage.query().get('event')).toBe(second);
    await page.keyboard.press('j');
    await sheet().getByRole('heading', { name: first }).waitFor();
    await sheet().getByText('One.', { exact: true }).waitFor();
    // The link can be sent to somebody else, who sees the same.
    await page.reload();
    await sheet().getByRole('heading', { name: first }).waitFor();
    const thread = sheet().getByRole('region', { name: 'Thread' });
    await thread.getByRole('link', { name: second }).click();
    await sheet().getByRole('heading', { name: second }).waitFor();
    await page.keyboard.press('Escape');
    await sheet().waitFor({ state: 'detached' });
    expect(await focused(rowOf(second).getByRole('link'))).toBe(true);
    expect(stage.query().get('event')).toBeNull();
  });

  test('open an event on its own page where there is no room beside them', async () => {
    const { page } = stage.visit;
    const id = await stage.happens('narrow', {}, 'Yes.');
    await page.setViewportSize({ width: 1024, height: 800 });
    await page.goto(`${stage.visit.url}/acme/events?event=${id}`);
    await page.getByRole('heading', { level: 1, name: id }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/acme/events/${id}`);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('have a key for the search and one for help, which gives the focus back', async () => {
    const { page } = stage.visit;
    await page.goto(`${stage.visit.url}/acme/events`);
    await rowOf('narrow').waitFor();
    await page.keyboard.press('j');
    const before = page.locator(':focus');
    const href = await before.getAttribute('href');
    await page.keyboard.press('?');
    await stage.dialog().getByText('Next event').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Escape');
    await stage.dialog().waitFor({ state: 'detached' });
    await expect.poll(() => page.locator(':focus').getAttribute('href')).toBe(href);
    await page.keyboard.press('/');
    await expect.poll(() => focused(page.getByLabel('Search payload and reply'))).toBe(true);
    await page.keyboard.type('j?/');
    expect(await page.getByLabel('Search payload and reply').inputValue()).toBe('j?/');
  });

  test('find a text in payloads and replies, and say so when there is none', async () => {
    const { page } = stage.visit;
    await stage.happens('invoice', { order: 'A-1001' }, 'On its way.');
    await page.goto(`${stage.visit.url}/acme/events`);
    await page.getByLabel('Search payload and reply').fill('a-1001');
    await rowOf('invoice').waitFor();
    await expect.poll(() => list().locator('tbody tr').count()).toBe(1);
    expect([stage.query().get('text'), stage.query().get('range')]).toEqual(['a-1001', '24h']);
    await page.getByLabel('Search payload and reply').fill('on its WAY');
    await rowOf('invoice').waitFor();
    await page.getByLabel('Search payload and reply').fill('nowhere');
    await page.getByText('No events match').waitFor();
    await page.getByLabel('Error code').fill('AGENT_ERROR');
    await expect.poll(() => stage.query().get('code')).toBe('AGENT_ERROR');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rowOf('narrow').waitFor();
    expect([...stage.query().keys()]).toEqual([]);
  });

  test('hold new events while they are not live, and let them in when they are again', async () => {
    const { page } = stage.visit;
    await page.goto(`${stage.visit.url}/acme/events`);
    await rowOf('invoice').waitFor();
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    expect(stage.query().get('live')).toBe('off');
    const id = await stage.happens('held', {});
    await page.getByRole('button', { name: '1 new event' }).waitFor();
    expect(await rowOf('held').count()).toBe(0);
    await page.keyboard.press('l');
    await rowOf('held').locator('[data-status="pending"]').waitFor();
    stage.agent.send({ type: 'reply', event_id: id, content: 'Done.' });
    await rowOf('held').locator('[data-status="delivered"]').waitFor();
    await stage.happens('at-once', {}, 'Yes.');
    await rowOf('at-once').waitFor();
  });

  test('do not move under a pointer that is at work, and let new ones in when it rests or has left', async () => {
    const { page } = stage.visit;
    await stage.happens('pointed-at', {}, 'Yes.');
    await page.goto(`${stage.visit.url}/acme/events`);
    await rowOf('pointed-at').hover();
    const before = await rowOf('pointed-at').boundingBox();
    await stage.happens('comes-meanwhile', {}, 'Yes.');
    await page.getByRole('button', { name: '1 new event' }).waitFor();
    expect(await rowOf('pointed-at').boundingBox()).toEqual(before);
    await page.mouse.move(0, 0);
    await rowOf('comes-meanwhile').waitFor();
    await rowOf('comes-meanwhile').hover();
    await stage.happens('comes-later', {}, 'Yes.');
    await page.getByRole('button', { name: '1 new event' }).waitFor();
    // The pointer stays where it is.
    await rowOf('comes-later').waitFor();
    await page.mouse.move(0, 0);
  });

  test('are saved as a file of what the filters show, which no spreadsheet computes', async () => {
    const { page } = stage.visit;
    await stage.happens('=1+1', { text: '=2+2' }, 'Sum.');
    await page.goto(`${stage.visit.url}/acme/events?thread=${encodeURIComponent('=1+1')}`);
    await rowOf('=1+1').waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    await stage.dialog().getByLabel('With payloads and replies').check();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      stage.dialog().getByRole('button', { name: 'Export' }).click(),
    ]);
    await page.getByText('Exported 1 event.').waitFor();
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(file.suggestedFilename()).toBe('acme-events.csv');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`,"'=1+1",`);
    expect(lines[1]).toContain(`,"{""text"":""=2+2""}","""Sum."""`);
  });

  test('scroll through ten thousand events without a request that fails, drawing only those in sight', async () => {
    const { page } = stage.visit;
    oldest = await record(RECORDED);
    const failed: string[] = [];
    page.on('requestfailed', (request) => failed.push(request.url()));
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${stage.visit.url}/acme/events?thread=history`);
    await rowOf('history').first().waitFor();
    await expect
      .poll(
        async () => {
          await page.evaluate('scrollTo(0, document.body.scrollHeight)');
          return list().getAttribute('aria-rowcount');
        },
        { timeout: 240_000, interval: 20 },
      )
      .toBe(String(RECORDED));
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await list()
      .locator(`tr[aria-rowindex="${RECORDED + 1}"]`)
      .waitFor();
    expect(await list().locator('tbody tr').count()).toBeLessThan(100);
    await page.evaluate('scrollTo(0, document.body.scrollHeight / 2)');
    await expect
      .poll(() =>
        list()
          .locator(`tr[aria-rowindex="${RECORDED / 2}"]`)
          .count(),
      )
      .toBe(1);
    expect(failed).toEqual([]);
  }, 300_000);

  test('say that newer ones which were let go cannot be read, and read them when they are asked again', async () => {
    const { page } = stage.visit;
    const again = page.getByRole('button', { name: 'Try again' });
    // One more than is kept: the oldest is let go, and read again for the newest.
    await page.evaluate('scrollTo(0, 0)');
    await rowOf('history').first().waitFor();
    const newest = await stage.happens('history', { n: 1 }, 'One more.');
    await rowOf(newest).waitFor();
    await toTheOldest();
    await overload(page, 'Events');
    await page.evaluate('scrollTo(0, 0)');
    await page.getByText('Further events could not be loaded. Relay is busy.').waitFor();
    expect(await rowOf(newest).count()).toBe(0);
    await page.unroute('**/graphql');
    await again.click();
    await rowOf(newest).waitFor();
    await again.waitFor({ state: 'detached' });
  }, 60_000);

  test('say that they cannot be read anew where the newest were let go, and are there when they are asked again', async () => {
    const { page } = stage.visit;
    await toTheOldest();
    const newest = await stage.happens('history', { n: 2 }, 'And another.');
    await overload(page, 'Events');
    await page.getByRole('button', { name: '1 new event' }).click();
    await page.getByText('Relay is busy.').waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowOf(newest).waitFor();
    expect(await page.evaluate('scrollY')).toBe(0);
  });

  test('name every event whole on a narrow screen, also where rows are not drawn', async () => {
    const { page } = stage.visit;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${stage.visit.url}/acme/events?thread=history`);
    const link = rowOf('history').first().getByRole('link');
    await link.waitFor();
    await expect
      .poll(() =>
        link.evaluate(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth <= clientWidth),
      )
      .toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

test('the browser had nothing to complain about', () => {
  const aborted = /net::ERR_FAILED|status of 503/;
  expect(stage.visit.complaints.filter((text) => !aborted.test(text))).toEqual([]);
});

test('a list and an event left open go on by themselves when the server is back', async () => {
  const { page } = stage.visit;
  const id = await stage.happens('outage', {});
  await page.goto(`${stage.visit.url}/acme/events?event=${id}`);
  await sheet().getByText('Waiting for its first words').waitFor();
  await stage.visit.restart(() => page.getByText('Live updates are interrupted. Reconnecting…').waitFor());
  await stage.connect();
  await stage.agent.find('event', { event_id: id });
  stage.agent.send({ type: 'reply', event_id: id, content: 'After all.' });
  await sheet().getByTestId('reply').filter({ hasText: 'After all.' }).waitFor();
  await rowOf(id).locator('[data-status="delivered"]').waitFor();
  await page.keyboard.press('Escape');
  await stage.happens('afterwards', {}, 'Yes.');
  await rowOf('afterwards').waitFor();
  // Each of a dozen waits has its own patience, as has the way back: together they may take longer than a minute.
}, 180_000);
