import type { Pool } from 'pg';
import type { Clock } from '../clock.ts';
import { Inquiries } from '../database/inquiries.ts';
import { findHolders } from './holders.ts';
import type { Holder, HolderKind } from './holders.ts';

/** Tells who holds a token, by its lookup and as it is now. */
export type Register = Inquiries<Holder>;

export function createRegister(pool: Pool, clock: Clock, kind: HolderKind): Register {
  return new Inquiries(clock, async (lookups) => {
    const holders = await findHolders(pool, kind, lookups);
    return new Map(holders.map((holder) => [holder.lookup, holder]));
  });
}
