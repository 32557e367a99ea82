import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Verifier } from '../credentials/verifier.ts';
import type { Orm } from '../database/orm.ts';
import type { Cursors } from './cursors.ts';
import type { Reader } from './reader.ts';

export type Em = Orm['em'];

/** What one piece of work (a request, or one item of a subscription) has at hand. `em` is a fork of its own. */
export interface Work {
  em: Em;
  /** For hand-written reads (history, charts, presence), whose statements have a short timeout, and for searches. */
  reader: Reader;
  clock: Clock;
  bus: Bus;
  verifier: Verifier;
  cursors: Cursors;
}

/**
 * Runs one transaction on a fork of its own: what a failed one leaves behind must not be flushed again by the next.
 * Whatever is published about it belongs after the promise has resolved.
 */
export function write<T>(work: Work, change: (em: Em) => Promise<T>): Promise<T> {
  return work.em.fork().transactional((em) => change(em));
}

/** The clock's wall time as a date, for columns. */
export function timeNow(work: Pick<Work, 'clock'>): Date {
  return new Date(work.clock.now());
}
