import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Person, Variables } from './api.ts';

/** What a subscription has sent. Nothing is dropped; `next` takes in order. */
export class Watch {
  readonly closed: Promise<{ code: number; reason: string }>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly items: any[] = [];
  readonly ended: Promise<unknown>;
  /** Whether its socket was let in. */
  acknowledged = false;
  readonly #dispose: () => void;
  #taken = 0;
  #wake: (() => void) | null = null;

  constructor(person: Person, query: string, variables: Variables = {}, connectionParams?: Variables) {
    let closed!: (event: { code: number; reason: string }) => void;
    this.closed = new Promise((resolve) => (closed = resolve));
    const client = createClient({
      url: `${person.room.relay.wsUrl}/graphql`,
      webSocketImpl: socketWith(person.headers),
      connectionParams,
      retryAttempts: 0,
      on: {
        connected: () => (this.acknowledged = true),
        closed: (event) => closed(event as { code: number; reason: string }),
      },
    });
    this.#dispose = () => void client.dispose();
    this.ended = new Promise((resolve) => {
      client.subscribe(
        { query, variables },
        {
          next: (result) => {
            this.items.push(result.errors ? { errors: result.errors } : result.data);
            this.#wake?.();
          },
          error: (error) => resolve(error),
          complete: () => resolve(null),
        },
      );
    });
    open.add(this);
  }

  /** The next item; fails when none comes within five seconds or the subscription ends first. */
  async next() {
    const patience = AbortSignal.timeout(5_000);
    while (this.items.length <= this.#taken) {
      const arrived = new Promise<void>((resolve) => (this.#wake = resolve));
      const late = new Promise<never>((_, reject) =>
        patience.addEventListener('abort', () => reject(new Error('nothing came')), { once: true }),
      );
      const ended = this.ended.then((error) => {
        if (this.items.length <= this.#taken) throw new Error(`it ended: ${JSON.stringify(error)}`);
      });
      await Promise.race([arrived, late, ended]);
    }
    return this.items[this.#taken++];
  }

  /** Takes items until one satisfies. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async until(wanted: (item: any) => boolean) {
    for (;;) {
      const item = await this.next();
      if (wanted(item)) return item;
    }
  }

  close(): void {
    this.#dispose();
  }
}

const open = new Set<Watch>();

export function closeWatches(): void {
  for (const watch of open) watch.close();
  open.clear();
}

function socketWith(headers: Record<string, string>) {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { headers, perMessageDeflate: false });
    }
  };
}
