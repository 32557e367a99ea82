import type { Client } from 'pg';
import type { Clock } from '../clock.ts';
import { pause } from '../clock.ts';
import { UnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createWriterConnection } from './writerConnection.ts';
import type { Entry } from './writerQueue.ts';
import { createWriterQueue } from './writerQueue.ts';

export interface WriterOptions<T, R> {
  name: string;
  /** Opens the writer's own connection, settings applied. */
  connect(): Promise<Client>;
  /** Writes the batch in one transaction; resolves to one result for each item, in order, once it is committed. */
  write(client: Client, batch: T[]): Promise<R[]>;
  /**
   * Asked after a connection broke in mid-commit: the result of each item that is already committed, null for the
   * others, which are then written again.
   */
  recover(client: Client, batch: T[]): Promise<(R | null)[]>;
  /** Whether an item may no longer be written, which is asked before each try: it is rejected with UnavailableError. */
  tooLate?: (item: T) => boolean;
  /** Most items of one batch. */
  batch: number;
  /** How long what nobody waits for looks for company, milliseconds (20). */
  lazyMs?: number;
  /** Most items waiting; beyond it `submit` rejects with UnavailableError at once. */
  capacity: number;
  clock: Clock;
  log: Log;
}

/** Group commit: one writer takes all that waits and writes it at once, so a lone item never waits for company. */
export interface Writer<T, R> {
  /** Resolves once committed. Rejects for the guilty item alone when the data itself is refused. */
  submit(item: T): Promise<R>;
  /**
   * The same for what nobody waits for: it looks for company of its own kind first, so that it makes the batches of others
   * larger only now and then.
   */
  submitLazily(item: T): Promise<R>;
  /** Takes back an item that no batch holds yet; its promise rejects with UnavailableError. */
  withdraw(item: T): boolean;
  /** Resolves when nothing waits any more, then ends the connection. */
  close(): Promise<void>;
}

const RETRY_MS = 200;
/** How long a writer that closes goes on trying to reach the database. */
const CLOSE_MS = 5_000;

export function createWriter<T, R>(options: WriterOptions<T, R>): Writer<T, R> {
  const { clock, log } = options;
  const queue = createWriterQueue<T, R>(options, start);
  const connection = createWriterConnection(() => options.connect(), clock);
  const batches = createBatches(options);
  let running: Promise<void> | null = null;
  /** Monotonic time at which a closing writer gives up. */
  let closeBy = Number.POSITIVE_INFINITY;

  function start(): void {
    if (queue.some()) running ??= run();
  }

  async function run(): Promise<void> {
    // Everything that arrives in this turn of the event loop shares the first commit.
    await Promise.resolve();
    while (queue.some()) await writeUntilDone(queue.take());
    running = null;
  }

  async function writeUntilDone(batch: Entry<T, R>[]): Promise<void> {
    let rest = batch;
    let unclear = false;
    while (rest.length > 0) {
      try {
        const client = await connection.open();
        if (unclear) rest = await batches.settleCommitted(client, rest);
        unclear = false;
        if (rest.length > 0) await batches.attempt(client, rest);
        return;
      } catch (error) {
        unclear = true;
        log.warn(
          { err: error, writer: options.name, waiting: queue.length() },
          'a commit failed and is tried again',
        );
        await connection.end();
        if (clock.monotonic() >= closeBy) return giveUp(rest);
        await pause(clock, RETRY_MS);
      }
    }
  }

  /** The database stayed away while this writer closed. What is not recorded is still pending there, or will be sent again. */
  function giveUp(rest: Entry<T, R>[]): void {
    for (const entry of [...rest, ...queue.takeAll()]) entry.reject(new UnavailableError());
  }

  return {
    submit(item) {
      const written = queue.put(item);
      start();
      return written;
    },
    submitLazily: (item) => queue.putLazily(item),
    withdraw: (item) => queue.withdraw(item),
    async close() {
      closeBy = clock.monotonic() + CLOSE_MS;
      queue.close();
      while (running) await running;
      await connection.end();
    },
  };
}

/** How a batch is written, and what is found of it after a connection broke. */
function createBatches<T, R>(options: Pick<WriterOptions<T, R>, 'write' | 'recover' | 'tooLate'>) {
  function inTime(entry: Entry<T, R>): boolean {
    if (!options.tooLate?.(entry.item)) return true;
    entry.reject(new UnavailableError());
    return false;
  }

  /** Bisects a batch that fails on its data, so that only the guilty item fails. */
  async function attempt(client: Client, entries: Entry<T, R>[]): Promise<void> {
    const batch = entries.filter(inTime);
    if (batch.length === 0) return;
    try {
      const results = await options.write(
        client,
        batch.map((entry) => entry.item),
      );
      batch.forEach((entry, index) => entry.resolve(results[index] as R));
    } catch (error) {
      if (!isDataError(error)) throw error;
      if (batch.length === 1) {
        batch[0]?.reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await attempt(client, batch.slice(0, middle));
      await attempt(client, batch.slice(middle));
    }
  }

  async function settleCommitted(client: Client, batch: Entry<T, R>[]): Promise<Entry<T, R>[]> {
    const found = await options.recover(
      client,
      batch.map((entry) => entry.item),
    );
    return batch.filter((entry, index) => {
      const result = found[index];
      if (result === null || result === undefined) return true;
      entry.resolve(result);
      return false;
    });
  }

  return { attempt, settleCommitted };
}

/** Classes 22 (data exception) and 23 (integrity violation): the same batch would fail again. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('22') || code.startsWith('23'));
}
