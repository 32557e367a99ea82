import type { Locator, Request } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { focused, useStage } from './stage.ts';

const stage = useStage();

const page = () => stage.visit.page;
const rows = (): Locator => page().locator('tr[data-event]');
const rowOf = (text: string): Locator => rows().filter({ hasText: text });
const body = (): Locator => page().locator('tbody').last();

/** So many events, the newest of them a minute ago. */
async function record(count: number): Promise<void> {
  const times = Array.from({ length: count }, (_, n) => Date.now() - 60_000 - n * 1_000);
  await stage.visit.sql(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at)
     select e.id, a.organization_id, a.id, g.id, g.slug, 'before', 'pending', 'app', '{}', e.at
       from unnest($1::text[], $2::timestamptz[]) as e(id, at), app a, agent g`,
    [times.map((time) => `${eventIdFloor(time)}0000001`), times.map((time) => new Date(time))],
  );
}

/** So many events that wait behind the button of a list which is not live. */
async function holdBack(count: number, thread: string): Promise<void> {
  for (let n = 0; n < count; n += 1)
    stage.app.send({ type: 'event', agent_id: 'athena', thread_id: `${thread}-${n}`, payload: {} });
  await page()
    .getByRole('button', { name: `${count} new events` })
    .waitFor();
}

/** Where the rows were drawn off their place, px, each time that changed. */
const slides = (): Promise<number[]> => page().evaluate<number[]>('window.slides');
const still = (): Promise<unknown> =>
  expect.poll(() => body().evaluate(({ style }) => style.transform)).toBe('');

/** The questions for events that are not answered yet. */
const asking = new Set<Request>();

async function open(path: string): Promise<void> {
  const live = page()
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"eventChanged"')),
    );
  await page().goto(`${stage.visit.url}/acme${path}`);
  await live;
  // What is asked for by then is seen before this; from its answer on, whatever happens comes in live.
  await page().evaluate(`fetch('/favicon.svg')`);
  await expect.poll(() => asking.size).toBe(0);
  // Its rows may be too far down to be drawn.
  await body().waitFor({ state: 'attached' });
  await page().evaluate(() => {
    const slides: number[] = [];
    Object.assign(window, { slides });
    new MutationObserver((changes) => {
      for (const { target } of changes)
        if (target instanceof HTMLElement && target.tagName === 'TBODY')
          slides.push(new DOMMatrix(target.style.transform).m42);
    }).observe(document.body, { subtree: true, attributeFilter: ['style'] });
  });
}

beforeAll(async () => {
  await record(80);
  page().on('request', (request) => {
    if (request.postData()?.includes('"operationName":"Events"')) asking.add(request);
  });
  const answered = (request: Request) => void asking.delete(request);
  page().on('requestfinished', answered).on('requestfailed', answered);
});
beforeEach(() => page().setViewportSize({ width: 1440, height: 900 }));

test('a screenful of rows that come in at once are all there, and those they push stay until they are out of sight', async () => {
  await open('/events?live=off');
  await holdBack(20, 'full');
  // What stands at the lower edge of the window in every frame until nothing moves any more.
  const gaps = page().evaluate(
    () =>
      new Promise((done) => {
        let [gaps, moved] = [0, false];
        const look = (): void => {
          const sliding = document.querySelector('tbody')?.style.transform !== '';
          moved ||= sliding;
          if (moved && !document.elementFromPoint(700, innerHeight - 30)?.closest('tr[data-event]'))
            gaps += 1;
          if (moved && !sliding) done(gaps);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );
  await page().keyboard.press('l');
  expect(await gaps).toBe(0);
  await page().locator('tr[aria-rowindex="2"]', { hasText: 'full-19' }).waitFor();
  expect((await slides())[0]).toBe(-800);
});

test('the row that the keys come to while others slide is in sight when they are there', async () => {
  await open('/events?live=off');
  await holdBack(15, 'keys');
  for (let n = 0; n < 8; n += 1) await page().keyboard.press('j');
  await page().evaluate(
    () =>
      new Promise<void>((done) => {
        const press = (key: string) => dispatchEvent(new KeyboardEvent('keydown', { key }));
        const meanwhile = (): void => {
          if (document.querySelector('tbody')?.style.transform === '')
            return void requestAnimationFrame(meanwhile);
          press('j');
          done();
        };
        press('l');
        meanwhile();
      }),
  );
  await still();
  const row = page().locator('tr[aria-rowindex="25"]');
  expect(await focused(row.getByRole('link'))).toBe(true);
  const { y, height } = (await row.boundingBox())!;
  expect([y >= 0, y + height <= 900]).toEqual([true, true]);
});

test('on a narrow screen the very first rows slide by their own height', async () => {
  await page().setViewportSize({ width: 390, height: 844 });
  await stage.happens('first', { n: 1 }, 'Yes.');
  await open('/events?thread=first');
  const second = await stage.happens('first', { n: 2 }, 'Yes.');
  await rowOf(second).waitFor();
  expect((await slides())[0]).toBe(-52);
});

test('the recent events of the overview slide wherever one has scrolled to, and do not scroll it', async () => {
  await page().setViewportSize({ width: 390, height: 844 });
  await open('');
  await page().getByRole('region', { name: 'Traffic' }).waitFor();
  await page().evaluate('scrollTo(0, 400)');
  await expect.poll(() => page().evaluate('scrollY')).toBe(400);
  await stage.happens('meanwhile', {});
  await rowOf('meanwhile').waitFor({ state: 'attached' });
  expect((await slides())[0]).toBe(-52);
  expect(await page().evaluate('scrollY')).toBe(400);
});

test('nothing slides for those who want less motion, nor when a list becomes another', async () => {
  await stage.happens('other', {});
  await open('/events?thread=other');
  await page().getByRole('button', { name: 'Clear' }).click();
  await rowOf('keys').first().waitFor();
  expect(await slides()).toEqual([]);
  await page().emulateMedia({ reducedMotion: 'reduce' });
  await stage.happens('calm', {});
  await rowOf('calm').waitFor();
  expect(await slides()).toEqual([]);
  await page().emulateMedia({ reducedMotion: null });
});

test('lines stand between rows also where the colours are the system’s own', async () => {
  await page().emulateMedia({ forcedColors: 'active' });
  await open('/events');
  await rows().nth(2).waitFor();
  const lines = await rows().evaluateAll((rows) =>
    rows.slice(0, 3).map((row) => getComputedStyle(row.children[0]!).borderTopWidth),
  );
  expect(lines).toEqual(['1px', '1px', '1px']);
  await page().emulateMedia({ forcedColors: null });
});
