import type { Pool } from 'pg';
import type { Bus } from '../../bus/bus.ts';
import type { Clock } from '../../clock.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Log } from '../../log.ts';

/** Below a second, which is what is promised, by the time a look takes. */
const SWEEP_MS = 800;

/** Ends subscriptions whose callers have lost the right to them. */
export interface Rights {
  /** `onLost` is called once, within a second of the loss; the returned function stops watching. */
  watch(caller: Caller, organizationId: string, onLost: () => void): () => void;
  close(): void;
}

interface Watcher {
  caller: Caller;
  organizationId: string;
  onLost: () => void;
}

/**
 * Looks again as soon as the bus tells of a change, and regularly in case it did not. However many watch, one look is
 * three queries.
 */
export function createRights(parts: { reader: Pool; clock: Clock; bus: Bus; log: Log }): Rights {
  const { reader, clock, bus, log } = parts;
  const watchers = new Set<Watcher>();
  let looking = false;
  let again = false;

  async function look(): Promise<void> {
    if (watchers.size === 0) return;
    const asked = [...watchers];
    const standing = await readStanding(reader, asked, clock.now());
    for (const watcher of asked) {
      if (stands(watcher, standing) || !watchers.delete(watcher)) continue;
      watcher.onLost();
    }
  }

  function sweep(): void {
    again = looking;
    if (looking) return;
    looking = true;
    look()
      // A database that cannot be asked takes no right away; the next sweep asks it again.
      .catch((error: unknown) => log.warn({ err: error }, 'rights could not be checked'))
      .finally(() => {
        looking = false;
        if (again) sweep();
      });
  }

  const timer = clock.every(SWEEP_MS, sweep);
  const unsubscribe = bus.subscribe('access.changed', sweep);

  return {
    watch(caller, organizationId, onLost) {
      const watcher = { caller, organizationId, onLost };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    close() {
      timer.cancel();
      unsubscribe();
      watchers.clear();
    },
  };
}

interface Standing {
  sessions: Set<string>;
  keys: Set<string>;
  memberships: Set<string>;
}

function stands({ caller, organizationId }: Watcher, standing: Standing): boolean {
  const entered = caller.sessionId
    ? standing.sessions.has(caller.sessionId)
    : standing.keys.has(caller.apiKeyId ?? '');
  // With another role it begins anew: what it was let see was judged by the one it had.
  const role = caller.roles.get(organizationId);
  return entered && standing.memberships.has(`${organizationId} ${caller.userId} ${role}`);
}

async function readStanding(reader: Pool, watchers: Watcher[], now: number): Promise<Standing> {
  const at = new Date(now);
  const distinct = (pick: (watcher: Watcher) => string | null) => [
    ...new Set(watchers.map(pick).filter((id) => id !== null)),
  ];
  const ids = async (sql: string, parameters: unknown[]) => {
    const { rows } = await reader.query<{ id: string }>(sql, parameters);
    return new Set(rows.map((row) => row.id));
  };
  const [sessions, keys, memberships] = await Promise.all([
    ids('select id from session where id = any($1::uuid[]) and revoked_at is null and expires_at > $2', [
      distinct((watcher) => watcher.caller.sessionId),
      at,
    ]),
    ids(
      `select id from api_key where id = any($1::uuid[]) and revoked_at is null
          and (expires_at is null or expires_at > $2)`,
      [distinct((watcher) => watcher.caller.apiKeyId), at],
    ),
    ids(
      `select organization_id || ' ' || user_id || ' ' || role as id from membership where user_id = any($1::uuid[])`,
      [distinct((watcher) => watcher.caller.userId)],
    ),
  ]);
  return { sessions, keys, memberships };
}
