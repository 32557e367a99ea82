import type { Client } from 'pg';
import type { Clock, Timer } from '../clock.ts';
import { UnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';

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

interface Entry<T, R> {
  item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

const RETRY_MS = 200;
/** How long a writer that closes goes on trying to reach the database, and a broken connection may take to end. */
const CLOSE_MS = 5_000;
const DISCONNECT_MS = 1_000;
/** How long what nobody waits for looks for company, and how much of it is company enough. */
const LAZY_MS = 20;
const LAZY_BATCH = 64;

export function createWriter<T, R>(options: WriterOptions<T, R>): Writer<T, R> {
  const { clock, log } = options;
  const waiting: Entry<T, R>[] = [];
  /** What nobody waits for, and whether it has waited long enough. */
  const lazy: Entry<T, R>[] = [];
  let ripe = false;
  let client: Client | null = null;
  let running: Promise<void> | null = null;
  let closing = false;
  /** Monotonic time at which a closing writer gives up. */
  let closeBy = Number.POSITIVE_INFINITY;
  let late: Timer | null = null;

  function put(item: T, queue: Entry<T, R>[]): Promise<R> {
    if (closing || waiting.length >= options.capacity) return Promise.reject(new UnavailableError());
    return new Promise<R>((resolve, reject) => queue.push({ item, resolve, reject }));
  }

  function start(): void {
    if (waiting.length > 0 || ripe) running ??= run();
  }

  function ripen(): void {
    late?.cancel();
    late = null;
    ripe = lazy.length > 0;
    start();
  }

  async function run(): Promise<void> {
    // Everything that arrives in this turn of the event loop shares the first commit.
    await Promise.resolve();
    while (waiting.length > 0 || ripe) await writeUntilDone(nextBatch());
    running = null;
  }

  /** In the order it came: whoever reads on by id relies on nothing being committed behind what is there already. */
  function nextBatch(): Entry<T, R>[] {
    const batch = waiting.splice(0, options.batch);
    if (!ripe) return batch;
    batch.push(...lazy.splice(0, options.batch - batch.length));
    ripe = lazy.length > 0;
    return batch;
  }

  async function writeUntilDone(batch: Entry<T, R>[]): Promise<void> {
    let rest = batch;
    let unclear = false;
    while (rest.length > 0) {
      try {
        const connection = await connected();
        if (unclear) rest = await settleCommitted(connection, rest);
        unclear = false;
        if (rest.length > 0) await attempt(connection, rest);
        return;
      } catch (error) {
        unclear = true;
        log.warn(
          { err: error, writer: options.name, waiting: waiting.length },
          'a commit failed and is tried again',
        );
        await disconnect();
        if (clock.monotonic() >= closeBy) return giveUp(rest);
        await pause(RETRY_MS);
      }
    }
  }

  /** The database stayed away while this writer closed. What is not recorded is still pending there, or will be sent again. */
  function giveUp(rest: Entry<T, R>[]): void {
    ripe = false;
    for (const entry of [...rest, ...waiting.splice(0), ...lazy.splice(0)])
      entry.reject(new UnavailableError());
  }

  async function settleCommitted(connection: Client, batch: Entry<T, R>[]): Promise<Entry<T, R>[]> {
    const found = await options.recover(
      connection,
      batch.map((entry) => entry.item),
    );
    return batch.filter((entry, index) => {
      const result = found[index];
      if (result === null || result === undefined) return true;
      entry.resolve(result);
      return false;
    });
  }

  /** Bisects a batch that fails on its data, so that only the guilty item fails. */
  async function attempt(connection: Client, entries: Entry<T, R>[]): Promise<void> {
    const batch = entries.filter(inTime);
    if (batch.length === 0) return;
    try {
      const results = await options.write(
        connection,
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
      await attempt(connection, batch.slice(0, middle));
      await attempt(connection, batch.slice(middle));
    }
  }

  function inTime(entry: Entry<T, R>): boolean {
    if (!options.tooLate?.(entry.item)) return true;
    entry.reject(new UnavailableError());
    return false;
  }

  async function connected(): Promise<Client> {
    if (client) return client;
    const opened = await options.connect();
    // Without a listener an idle connection's end would end the process; the next write notices it anyway.
    opened.on('error', () => {
      if (client === opened) client = null;
    });
    client = opened;
    return opened;
  }

  async function disconnect(): Promise<void> {
    const old = client;
    client = null;
    if (!old) return;
    // Behind a network that swallows everything even a goodbye would wait for ever.
    await Promise.race([old.end().catch(() => undefined), pause(DISCONNECT_MS)]);
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => clock.after(ms, resolve));
  }

  return {
    submit(item) {
      const written = put(item, waiting);
      start();
      return written;
    },
    submitLazily(item) {
      const written = put(item, lazy);
      if (lazy.length >= LAZY_BATCH) ripen();
      else if (lazy.length > 0) late ??= clock.after(options.lazyMs ?? LAZY_MS, ripen);
      return written;
    },
    withdraw(item) {
      const index = waiting.findIndex((entry) => entry.item === item);
      if (index < 0) return false;
      // Whoever stands behind it, as events under one key do, must hear that it is over.
      const [entry] = waiting.splice(index, 1);
      entry?.reject(new UnavailableError());
      return true;
    },
    async close() {
      closing = true;
      closeBy = clock.monotonic() + CLOSE_MS;
      ripen();
      while (running) await running;
      await disconnect();
    },
  };
}

/** Classes 22 (data exception) and 23 (integrity violation): the same batch would fail again. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('22') || code.startsWith('23'));
}
