import type { Client } from 'pg';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import { connectDedicated } from '../database/dedicated.ts';
import type { Log } from '../log.ts';
import type { AgentLink, AppLink } from './links.ts';
import type { NodeLease } from './node.ts';
import { inTransaction } from './sql/transaction.ts';
import { createWriter } from './writer.ts';

type Change =
  | { opened: AppLink | AgentLink }
  | { closed: AppLink | AgentLink }
  | { active: AppLink | AgentLink; at: number };

/** Writes who is connected. Rows name the node and epoch that hold the socket, so that a dead node leaves no ghost. */
export interface Presence {
  opened(link: AppLink | AgentLink): void;
  closed(link: AppLink | AgentLink): void;
  /** It sent an event or was given one. Called for each: noted in memory, written with what else there is to write. */
  active(link: AppLink | AgentLink): void;
  close(): Promise<void>;
}

/** Activity is shown to people, for whom this is soon enough. */
const ACTIVITY_MS = 5_000;

export function createPresence(
  databaseUrl: string,
  node: NodeLease,
  bus: Bus,
  clock: Clock,
  log: Log,
): Presence {
  const writer = createWriter<Change, true>({
    name: 'presence',
    connect: () => connectDedicated(databaseUrl, 'relay-presence'),
    write: async (client, batch) => {
      await inTransaction(client, () => writeChanges(client, node, batch));
      return batch.map(() => true as const);
    },
    // Every change may be written twice without harm.
    recover: (_client, batch) => Promise.resolve(batch.map(() => null)),
    batch: 512,
    // Seen by people only: five statements for each moment of a storm would be felt, a twentieth of a second is not.
    lazyMs: 50,
    capacity: Number.POSITIVE_INFINITY,
    clock,
    log,
  });

  function record(change: Change, link: AppLink | AgentLink): void {
    // When everybody comes at once, a commit for every few would cost more than letting them in.
    writer.submitLazily(change).then(
      () => {
        const { kind, ownerId, organizationId } = link;
        bus.publish('presence.changed', { kind, ownerId, organizationId });
      },
      (error: unknown) => log.error({ err: error, connection: link.id }, 'presence was not recorded'),
    );
  }

  let active = new Map<AppLink | AgentLink, number>();
  const timer = clock.every(ACTIVITY_MS, () => {
    const seen = active;
    active = new Map();
    // Nobody is told: whoever looks asks again. What could not be written is written with the next event.
    for (const [link, at] of seen) writer.submitLazily({ active: link, at }).catch(() => undefined);
  });

  return {
    opened: (link) => record({ opened: link }, link),
    closed: (link) => {
      active.delete(link);
      record({ closed: link }, link);
    },
    active: (link) => void active.set(link, clock.now()),
    close: () => {
      timer.cancel();
      return writer.close();
    },
  };
}

async function writeChanges(client: Client, node: NodeLease, batch: Change[]): Promise<void> {
  // A connection that opened and closed within one batch still counts as the owner's latest.
  const opened = batch.flatMap((change) => ('opened' in change ? [change.opened] : []));
  const closed = batch.flatMap((change) => ('closed' in change ? [change.closed.id] : []));
  if (opened.length > 0) {
    await client.query({ ...INSERT, values: [node.id, node.epoch.toString(), ...columnsOf(opened)] });
    for (const kind of ['app', 'agent'] as const) await touch(client, kind, opened);
  }
  const active = batch.flatMap((change) => ('active' in change ? [change] : []));
  if (active.length > 0)
    await client.query({
      ...ACTIVE,
      values: [active.map(({ active: link }) => link.id), active.map(({ at }) => new Date(at))],
    });
  if (closed.length > 0) await client.query({ ...DELETE, values: [closed] });
}

const INSERT = {
  name: 'presence-open',
  text: `
insert into connection (node_id, epoch, id, organization_id, kind, owner_id, token_id, protocol, address, client, connected_at)
select $1, $2, t.* from unnest($3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::timestamptz[]) as t
on conflict (id) do nothing`,
};

const ACTIVE = {
  name: 'presence-active',
  text: `update connection c set last_event_at = i.at from unnest($1::text[], $2::timestamptz[]) as i(id, at) where c.id = i.id`,
};

const DELETE = { name: 'presence-close', text: 'delete from connection where id = any($1::text[])' };

function columnsOf(links: (AppLink | AgentLink)[]): unknown[] {
  return [
    links.map((link) => link.id),
    links.map((link) => link.organizationId),
    links.map((link) => link.kind),
    links.map((link) => link.ownerId),
    links.map((link) => link.tokenId),
    links.map((link) => (link.extended ? 'relay.v1' : 'plain')),
    links.map((link) => link.address),
    links.map((link) => link.client),
    links.map((link) => new Date(link.connectedAt)),
  ];
}

/** Notes the latest connection of each owner, then the latest use of each token: rows are locked in a rotation's order. */
async function touch(client: Client, kind: 'app' | 'agent', opened: (AppLink | AgentLink)[]): Promise<void> {
  const links = opened.filter((link) => link.kind === kind);
  if (links.length === 0) return;
  const owners = latest(links, (link) => link.ownerId);
  const tokens = latest(links, (link) => link.tokenId);
  await client.query({
    name: `presence-owner-${kind}`,
    text: `update ${kind} o set last_connected_at = i.at from unnest($1::uuid[], $2::timestamptz[]) as i(id, at) where o.id = i.id`,
    values: [[...owners.keys()], [...owners.values()].map((at) => new Date(at))],
  });
  await client.query({
    name: `presence-token-${kind}`,
    text: `update ${kind}_token t set last_used_at = i.at from unnest($1::uuid[], $2::timestamptz[]) as i(id, at) where t.id = i.id`,
    values: [[...tokens.keys()], [...tokens.values()].map((at) => new Date(at))],
  });
}

function latest(
  links: (AppLink | AgentLink)[],
  keyOf: (link: AppLink | AgentLink) => string,
): Map<string, number> {
  const times = new Map<string, number>();
  for (const link of links) times.set(keyOf(link), Math.max(times.get(keyOf(link)) ?? 0, link.connectedAt));
  return times;
}
