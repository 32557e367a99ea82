import type { Pool, QueryConfig, QueryResultRow } from 'pg';
import type { Clock } from '../clock.ts';
import { FairQueue } from '../credentials/fairQueue.ts';
import type { Caller } from './caller.ts';

/** PostgreSQL connections for what people and scripts read. */
export const READER_CONNECTIONS = 4;
/** Of these, what one organization may have at once: a search takes seconds, and others must not wait for it. */
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
}

/** For whom is read: an organization's row id, or one of the two below. */
export type Readers = (share: string) => Reader;

/** What all who watch are told alike is read by Relay itself. */
export const RELAY = 'relay';
const NOBODY = 'nobody';

export function createReaders(pool: Pool, clock: Clock): Readers {
  const queue = new FairQueue(
    {
      running: READER_CONNECTIONS,
      runningPerLane: SHARE,
      waiting: WAITING_IN_ALL,
      waitingPerLane: WAITING_OF_ONE,
    },
    { clock, ms: PATIENCE_MS },
  );
  return (share) => {
    const turn = <T>(read: () => Promise<T>) => queue.run(share, read);
    return {
      turn,
      query: <Row extends QueryResultRow>(statement: string | QueryConfig, values?: unknown[]) =>
        turn(() => pool.query<Row>(statement as string, values)),
    };
  };
}

/**
 * The organization whose share a caller's reads take: always the same one, and one that the caller belongs to. So nobody
 * can use up the share of another organization, nor more shares than one.
 */
export function shareOf(caller: Caller | null): string {
  return [...(caller?.roles.keys() ?? [])].sort()[0] ?? NOBODY;
}
