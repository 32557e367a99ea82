import { expect, it } from 'vitest';
import type { Pending } from '../../server/broker/pending.ts';
import { Window } from '../../server/broker/window.ts';

/** A database whose pages are answered when the test says so, with what was committed when they were asked for. */
class Table {
  readonly ids: string[] = [];
  readonly #asked: (() => void)[] = [];
  taken: string[] = [];
  readonly window = new Window(
    {
      page: (after, limit) => {
        const snapshot = this.ids.filter((id) => id > after).slice(0, limit);
        return new Promise((resolve) => this.#asked.push(() => resolve(snapshot.map(event))));
      },
      count: () => Promise.resolve(this.ids.length),
    },
    (event) => this.#take(event),
  );

  /** Commits an event and offers it to the window, as a home does. */
  record(id: string): void {
    this.ids.push(id);
    if (this.window.admits(event(id))) this.#take(event(id));
  }

  /** Answers the oldest page that was asked for, once there is one. */
  async answer(): Promise<void> {
    while (this.#asked.length === 0) await Promise.resolve();
    this.#asked.shift()?.();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }

  async asking(): Promise<void> {
    while (this.#asked.length === 0) await Promise.resolve();
  }

  get asked(): number {
    return this.#asked.length;
  }

  #take(event: Pending): void {
    this.taken.push(event.id);
    this.window.added(event);
  }
}

it('an event committed while an empty page is on its way is read by the next page', async () => {
  const table = new Table();
  const read = table.window.readOn();
  await table.asking();
  table.record('evt_1');
  expect(table.taken).toEqual([]);
  await table.answer();
  await table.answer();
  while (table.asked > 0) await table.answer();
  await read;
  expect(table.taken).toEqual(['evt_1']);
});

it('an event committed while a short page is on its way is read by the next page, in order', async () => {
  const table = new Table();
  table.ids.push('evt_1', 'evt_2');
  const read = table.window.readOn();
  await table.asking();
  table.record('evt_3');
  await table.answer();
  await table.asking();
  table.record('evt_4');
  await table.answer();
  while (table.asked > 0) await table.answer();
  await read;
  table.record('evt_5');
  expect(table.taken).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4', 'evt_5']);
});

it('a restart while a page is on its way begins at the oldest event all the same', async () => {
  const table = new Table();
  table.ids.push('evt_2');
  const read = table.window.readOn();
  await table.asking();
  table.window.restart();
  table.ids.unshift('evt_1');
  await table.answer();
  while (table.asked > 0) await table.answer();
  await read;
  expect(table.taken).toEqual(['evt_1', 'evt_2']);
});

function event(id: string): Pending {
  return { id, rawPayload: '{}' } as Pending;
}

it('an event that ends while a page with it is on its way does not come back', async () => {
  const table = new Table();
  table.ids.push('evt_1', 'evt_2');
  const read = table.window.readOn();
  await table.asking();
  table.window.over('evt_1');
  await table.answer();
  await read;
  expect(table.taken).toEqual(['evt_2']);
  table.window.restart();
  const again = table.window.readOn();
  await table.answer();
  await again;
  expect(table.taken).toEqual(['evt_2', 'evt_1', 'evt_2']);
});
