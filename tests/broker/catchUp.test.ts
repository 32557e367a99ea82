import type { Pool } from 'pg';
import { expect, it } from 'vitest';
import { CatchUp } from '../../server/broker/catchUp.ts';
import { createLog } from '../../server/log.ts';
import { TestClock } from '../harness/clock.ts';

/** A database that answers when the test says so, with what was committed when it was asked. */
class Table {
  settled = false;
  ready = true;
  delivered = 0;
  readonly #asked: (() => void)[] = [];
  readonly #clock = new TestClock();
  readonly catchUp = new CatchUp({
    pool: { query: (query: { name: string }) => this.#query(query) } as unknown as Pool,
    clock: this.#clock,
    log: createLog('silent'),
    ready: () => this.ready,
    deliver: () => {
      this.delivered += 1;
      return true;
    },
  });

  async asked(): Promise<void> {
    await expect.poll(() => this.#asked.length).toBeGreaterThan(0);
  }

  /** Answers the oldest question, once it was asked, and lets what follows happen. */
  async answer(): Promise<void> {
    await this.asked();
    this.#asked.shift()?.();
    await new Promise(setImmediate);
  }

  #query({ name }: { name: string }): Promise<{ rows: object[] }> {
    const found = this.settled
      ? [{ id: name === 'handover-apps' ? 'app' : 'evt', acceptedAt: new Date(0) }]
      : [];
    return new Promise((resolve) => this.#asked.push(() => resolve({ rows: found })));
  }
}

it('a search begun for a connection that is gone does not end the one of the next connection', async () => {
  const table = new Table();
  table.catchUp.begin('app');
  await table.asked();
  table.catchUp.end('app');

  // The next connection may not be told anything yet; meanwhile an outcome comes that the first search was too early for.
  table.ready = false;
  table.catchUp.begin('app');
  table.settled = true;
  await table.answer();

  table.ready = true;
  table.catchUp.goOn('app');
  await table.answer();
  await table.answer();
  await expect.poll(() => table.delivered).toBe(1);
});
