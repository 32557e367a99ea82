import type { Pool, QueryConfig, QueryResultRow } from 'pg';
import type { Clock } from '../clock.ts';
import { FairQueue } from '../credentials/fairQueue.ts';
import type { Patience } from '../credentials/fairQueue.ts';
import type { Caller } from './caller.ts';

/** PostgreSQL connections for what people and scripts read in turn. */
const IN_TURN = 4;
/** And one for the short reads that no organization may hold up, not even its own. */
const PROMPT = 1;
export const READER_CONNECTIONS = IN_TURN + PROMPT;
/** Of those in turn, what one organization may have at once: a search takes seconds, and others must not wait for it. */
const SHARE = 2;
/** More wait when everybody comes back at once, each for a few milliseconds. */
const WAITING_OF_ONE = 2_000;
const WAITING_IN_ALL = 20_000;
const PATIENCE_MS = 5_000;

/** Runs hand-written reads. */
export interface Queries {
  query<Row extends QueryResultRow>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<{ rows: Row[] }>;
}

/** Reads of one organization, in turn with those of all others. Both reject with OverloadedError when it is not their turn. */
export interface Reader extends Queries {
  /** For reads by other ways that may have to look at much. What is read must not wait for a turn itself. */
  turn<T>(read: () => Promise<T>): Promise<T>;
  /**
   * For what has just been committed, by its id and for nothing else: such a read waits for no turn and is not refused for
   * want of one, since who is told to try again after a change makes it twice.
   */
  committed: Queries;
}

/**
 * For whom is read: an organization's row id, or one of the two below. `watching`: what is read is an item of a subscription,
 * which waits for its turn for as long as that takes, behind at most as much as anybody else: refused, it would end or miss
 * something. Its subscriber is ended when too many others wait behind it.
 */
export type Readers = (share: string, watching?: boolean) => Reader;

/** What all who watch are told alike is read by Relay itself, behind nobody's turn. */
export const RELAY = 'relay';
const NOBODY = 'nobody';

export function createReaders(pool: Pool, clock: Clock): Readers {
  const patience = { clock, ms: PATIENCE_MS };
  const queue = new FairQueue({
    running: IN_TURN,
    runningPerLane: SHARE,
    waiting: WAITING_IN_ALL,
    waitingPerLane: WAITING_OF_ONE,
  });
  const prompt = new FairQueue({
    running: PROMPT,
    waiting: WAITING_IN_ALL,
    waitingPerLane: WAITING_IN_ALL,
  });
  return (share, watching = false) => {
    // However long they wait: each takes a millisecond, and what is committed cannot be refused any more.
    const committed = through(prompt, share, pool, null);
    if (share === RELAY) return { ...committed, committed };
    return { ...through(queue, share, pool, watching ? null : patience), committed };
  };
}

function through(
  queue: FairQueue,
  lane: string,
  pool: Pool,
  patience: Patience | null,
): Omit<Reader, 'committed'> {
  const turn = <T>(read: () => Promise<T>) => queue.run(lane, read, patience);
  return {
    turn,
    query: <Row extends QueryResultRow>(statement: string | QueryConfig, values?: unknown[]) =>
      turn(() => pool.query<Row>(statement as string, values)),
  };
}

/**
 * The organization whose share a caller's reads take: always the same one, and one that the caller belongs to. So nobody
 * can use up the share of another organization, nor more shares than one.
 */
export function shareOf(caller: Caller | null): string {
  return [...(caller?.roles.keys() ?? [])].sort()[0] ?? NOBODY;
}
