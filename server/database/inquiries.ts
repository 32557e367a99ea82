import type { Clock } from '../clock.ts';

/** Most keys of one statement. */
const MOST_AT_ONCE = 256;
/** A statement is not begun sooner than this after the last one: not for the few, but for all who come in a storm. */
const PACE_MS = 20;

interface Inquiry<V> {
  key: string;
  resolve(found: V | null): void;
  reject(error: unknown): void;
}

/**
 * Reads by key, as it is now. Who comes alone is answered at once; those who come soon after share the next statement:
 * when everybody comes back at once, a query for each would take longer than all else.
 */
export class Inquiries<V> {
  private readonly read: (keys: string[]) => Promise<Map<string, V>>;
  private readonly clock: Clock;
  private waiting: Inquiry<V>[] = [];
  private reading = false;
  private lastAt = Number.NEGATIVE_INFINITY;

  /** @param read one statement for at most 256 different keys; what is not there is left out */
  constructor(clock: Clock, read: (keys: string[]) => Promise<Map<string, V>>) {
    this.clock = clock;
    this.read = read;
  }

  /** Null when there is nothing of this key. Rejects when the database cannot be read. */
  find(key: string): Promise<V | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (!this.reading) this.begin();
    });
  }

  private begin(): void {
    this.reading = true;
    const pause = this.lastAt + PACE_MS - this.clock.monotonic();
    if (pause > 0) this.clock.after(pause, () => void this.readAll());
    else setImmediate(() => void this.readAll());
  }

  private async readAll(): Promise<void> {
    while (this.waiting.length > 0) {
      this.lastAt = this.clock.monotonic();
      await this.answer(this.waiting.splice(0, MOST_AT_ONCE));
      if (this.waiting.length < MOST_AT_ONCE) break;
    }
    this.reading = false;
    if (this.waiting.length > 0) this.begin();
  }

  private async answer(inquiries: Inquiry<V>[]): Promise<void> {
    try {
      const found = await this.read([...new Set(inquiries.map(({ key }) => key))]);
      for (const { key, resolve } of inquiries) resolve(found.get(key) ?? null);
    } catch (error) {
      for (const { reject } of inquiries) reject(error);
    }
  }
}
