import type { Client } from 'pg';
import type { Clock } from '../clock.ts';
import { pause } from '../clock.ts';

/** How long a broken connection may take to end. */
const DISCONNECT_MS = 1_000;

/** A writer's own connection: opened when it is needed, and again once it has broken. */
export function createWriterConnection(connect: () => Promise<Client>, clock: Clock) {
  let client: Client | null = null;
  return {
    async open(): Promise<Client> {
      if (client) return client;
      const opened = await connect();
      // Without a listener an idle connection's end would end the process; the next write notices it anyway.
      opened.on('error', () => {
        if (client === opened) client = null;
      });
      client = opened;
      return opened;
    },
    async end(): Promise<void> {
      const old = client;
      client = null;
      if (!old) return;
      // Behind a network that swallows everything even a goodbye would wait for ever.
      await Promise.race([old.end().catch(() => undefined), pause(clock, DISCONNECT_MS)]);
    },
  };
}
