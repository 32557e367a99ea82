import type { Pool } from 'pg';
import type { Bus } from '../../bus/bus.ts';
import type { Clock } from '../../clock.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Log } from '../../log.ts';

/** Below a second, which is what is promised, by the time a look takes. */
const SWEEP_MS = 800;
/** A right that could not be looked at for so long is no longer relied on. */
const UNSURE_MS = 10_000;

/** Why a subscription ends: the right to it is gone, or nobody can say whether it still is there. */
export type Loss = 'gone' | 'unsure';

/** Ends subscriptions whose callers have lost the right to them. */
export interface Rights {
  /**
   * `onLost` is called once, within a second of the loss, or when the database could not be asked for ten seconds; the
   * returned function stops watching.
   */
  watch(caller: Caller, organizationId: string, onLost: (loss: Loss) => void): () => void;
  /** Whether a right can be relied on; while not, whoever began to watch would be ended at the next look. */
  known(): boolean;
  close(): void;
}

interface Watcher {
  caller: Caller;
  organizationId: string;
  onLost: (loss: Loss) => void;
}

/**
 * Looks again as soon as the bus tells of a change, and regularly in case it did not. However many watch, one look is one
 * query, on connections that nothing else is done on.
 */
export function createRights(parts: { pool: Pool; clock: Clock; bus: Bus; log: Log }): Rights {
  const { pool, clock, bus, log } = parts;
  const watchers = new Set<Watcher>();
  let sureAt = clock.monotonic();
  /** Since the last look failed. */
  let failing = false;
  let looking = false;
  let again = false;

  async function look(): Promise<void> {
    const [asked, begun] = [[...watchers], clock.monotonic()];
    // After a failure also for nobody: those who were ended are waiting to hear that it works again.
    if (asked.length > 0 || failing) {
      const standing = await readStanding(pool, asked, clock.now());
      for (const watcher of asked) if (!stands(watcher, standing)) end(watcher, 'gone');
    }
    sureAt = begun;
    if (failing) log.info('rights can be checked again');
    failing = false;
  }

  const known = (): boolean => !failing || clock.monotonic() - sureAt < UNSURE_MS;

  function end(watcher: Watcher, loss: Loss): void {
    if (watchers.delete(watcher)) watcher.onLost(loss);
  }

  /** A database that cannot be asked takes no right away for as long as it may be back any moment. */
  function unsure(error: unknown): void {
    if (!failing) log.warn({ err: error }, 'rights cannot be checked, which is tried again');
    failing = true;
    if (known()) return;
    for (const watcher of watchers) end(watcher, 'unsure');
  }

  function sweep(): void {
    again = looking;
    if (looking) return;
    looking = true;
    look()
      .catch(unsure)
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
    known,
    close() {
      timer.cancel();
      unsubscribe();
      watchers.clear();
    },
  };
}

/** What still is valid, each as `kind id`. */
type Standing = Set<string>;

function stands({ caller, organizationId }: Watcher, standing: Standing): boolean {
  const { sessionId, apiKeyId, userId } = caller;
  const entered = sessionId ? `session ${sessionId}` : `key ${apiKeyId}`;
  // With another role it begins anew: what it was let see was judged by the one it had.
  const role = caller.roles.get(organizationId);
  return standing.has(entered) && standing.has(`member ${organizationId} ${userId} ${role}`);
}

const STANDING = {
  name: 'standing',
  text: `
select 'session ' || id as held from session
  where id = any($1::uuid[]) and revoked_at is null and expires_at > $4
union all
select 'key ' || id from api_key
  where id = any($2::uuid[]) and revoked_at is null and (expires_at is null or expires_at > $4)
union all
select 'member ' || organization_id || ' ' || user_id || ' ' || role from membership
  where user_id = any($3::uuid[])`,
};

async function readStanding(pool: Pool, watchers: Watcher[], now: number): Promise<Standing> {
  const distinct = (pick: (caller: Caller) => string | null) => [
    ...new Set(watchers.map(({ caller }) => pick(caller)).filter((id) => id !== null)),
  ];
  const ids = [
    distinct(({ sessionId }) => sessionId),
    distinct(({ apiKeyId }) => apiKeyId),
    distinct(({ userId }) => userId),
  ];
  const { rows } = await pool.query<{ held: string }>({ ...STANDING, values: [...ids, new Date(now)] });
  return new Set(rows.map(({ held }) => held));
}
