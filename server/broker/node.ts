import type { Pool } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

const HEARTBEAT_MS = 3_000;
const LEASE_MS = 10_000;

/** This process among the nodes that share the database. */
export interface NodeLease {
  readonly id: string;
  /** Unlike any earlier start of this or another node. */
  readonly epoch: bigint;
  /** False once the lease ran out unrenewed: another node may then own what this one did. */
  held(): boolean;
  /** Gives the lease back, so that nobody has to wait for its end. */
  release(): Promise<void>;
}

/**
 * Takes a node's row and keeps its lease, counted by the database's clock. Taking it again under the same id, as a
 * restart does, ends whatever an earlier start still seemed to hold.
 */
export async function holdNode(pool: Pool, id: string, clock: Clock, bus: Bus, log: Log): Promise<NodeLease> {
  const epoch = await take(pool, id, clock);
  let renewedAt = clock.monotonic();
  let renewing = false;
  let due = false;

  const heartbeat = (): void => {
    due = renewing;
    if (renewing) return;
    renewing = true;
    const asked = clock.monotonic();
    renew(pool, id, epoch)
      .then((renewed) => {
        if (renewed) renewedAt = asked;
        else log.error({ node: id }, 'this node was replaced by another start under the same id');
        return sweepDeadNodes(pool, bus);
      })
      .catch((error: unknown) => log.warn({ err: error }, 'the node lease could not be renewed'))
      .finally(() => {
        renewing = false;
        // A slow renewal left less of the lease than a heartbeat's time: the one that was missed is made up for.
        if (due) heartbeat();
      });
  };
  const timer = clock.every(HEARTBEAT_MS, heartbeat);

  await sweepDeadNodes(pool, bus);
  return {
    id,
    epoch,
    // Counted from when the renewal was asked for, so that this node stops before the database would say so.
    held: () => clock.monotonic() - renewedAt < LEASE_MS,
    async release() {
      timer.cancel();
      await pool.query('delete from connection where node_id = $1 and epoch = $2', [id, epoch.toString()]);
      await pool.query('delete from node where id = $1 and epoch = $2', [id, epoch.toString()]);
    },
  };
}

async function take(pool: Pool, id: string, clock: Clock): Promise<bigint> {
  const { rows } = await pool.query<{ epoch: string }>(
    `insert into node as n (id, epoch, started_at, lease_expires_at)
     values ($1, nextval('node_epoch_seq'), $2, now() + $3 * interval '1 millisecond')
     on conflict (id) do update
       set epoch = excluded.epoch, started_at = excluded.started_at, lease_expires_at = excluded.lease_expires_at
     returning epoch`,
    [id, new Date(clock.now()), LEASE_MS],
  );
  return BigInt(rows[0]?.epoch ?? 0);
}

async function renew(pool: Pool, id: string, epoch: bigint): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'node-renew',
    text: `update node set lease_expires_at = now() + $3 * interval '1 millisecond' where id = $1 and epoch = $2`,
    values: [id, epoch.toString(), LEASE_MS],
  });
  return rowCount === 1;
}

/** Removes the connections that dead nodes left behind and tells whose they were. */
async function sweepDeadNodes(pool: Pool, bus: Bus): Promise<void> {
  const { rows } = await pool.query<{ kind: 'app' | 'agent'; ownerId: string; organizationId: string }>({
    name: 'node-sweep',
    text: `
delete from connection c
where not exists (select from node n where n.id = c.node_id and n.epoch = c.epoch and n.lease_expires_at > now())
returning c.kind, c.owner_id as "ownerId", c.organization_id as "organizationId"`,
  });
  const owners = new Map(rows.map((row) => [row.ownerId, row]));
  for (const owner of owners.values()) bus.publish('presence.changed', owner);
  await pool.query({
    name: 'node-forget',
    text: `delete from node where lease_expires_at < now() - interval '1 hour'`,
  });
}
