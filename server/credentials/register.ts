import type { Pool } from 'pg';
import { findHolders } from './holders.ts';
import type { Holder, HolderKind } from './holders.ts';

/** Most lookups of one statement. */
const MOST_AT_ONCE = 256;

interface Inquiry {
  lookup: string;
  resolve(holder: Holder | null): void;
  reject(error: unknown): void;
}

/**
 * Reads who holds a token, as it is now. Whoever comes in one turn of the event loop, or while a statement is under
 * way, shares the next statement: when everybody comes back at once, a query for each would take longer than its hash.
 */
export class Register {
  private readonly pool: Pool;
  private readonly kind: HolderKind;
  private waiting: Inquiry[] = [];
  private reading = false;

  constructor(pool: Pool, kind: HolderKind) {
    this.pool = pool;
    this.kind = kind;
  }

  /** Null when there is no such token. Rejects when the database cannot be read. */
  find(lookup: string): Promise<Holder | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ lookup, resolve, reject });
      if (this.reading) return;
      this.reading = true;
      setImmediate(() => void this.readAll());
    });
  }

  private async readAll(): Promise<void> {
    while (this.waiting.length > 0) await this.read(this.waiting.splice(0, MOST_AT_ONCE));
    this.reading = false;
  }

  private async read(inquiries: Inquiry[]): Promise<void> {
    try {
      const lookups = [...new Set(inquiries.map(({ lookup }) => lookup))];
      const holders = await findHolders(this.pool, this.kind, lookups);
      const found = new Map(holders.map((holder) => [holder.lookup, holder]));
      for (const { lookup, resolve } of inquiries) resolve(found.get(lookup) ?? null);
    } catch (error) {
      for (const { reject } of inquiries) reject(error);
    }
  }
}
