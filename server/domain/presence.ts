import type { Queries } from './reader.ts';

/** An open socket of an app or agent, held by a live node. */
export interface Instance {
  id: string;
  ownerId: string;
  connectedAt: Date;
  /** When it last sent an event, or was given one, to a few seconds. */
  lastEventAt: Date | null;
  address: string | null;
  client: string | null;
  protocol: 'plain' | 'relay.v1';
  tokenLookup: string;
  usesPreviousToken: boolean;
}

/**
 * The live connections of many owners in one query, oldest first, in the order asked for. A row counts only while the
 * node and epoch that hold it have a lease: after a crash no ghost remains. Leases are judged by the database's clock,
 * which is also the one they are written by.
 */
export async function instancesOf(reader: Queries, ownerIds: readonly string[]): Promise<Instance[][]> {
  const { rows } = await reader.query<Instance>(
    `select c.id, c.owner_id as "ownerId", c.connected_at as "connectedAt", c.last_event_at as "lastEventAt", c.address, c.client, c.protocol,
            coalesce(t.lookup, g.lookup, '') as "tokenLookup",
            coalesce(t.expires_at, g.expires_at, t.revoked_at, g.revoked_at) is not null as "usesPreviousToken"
       from connection c
       join node n on n.id = c.node_id and n.epoch = c.epoch and n.lease_expires_at > now()
       left join app_token t on c.kind = 'app' and t.id = c.token_id
       left join agent_token g on c.kind = 'agent' and g.id = c.token_id
      where c.owner_id = any($1::uuid[])
      order by c.connected_at, c.id`,
    [ownerIds],
  );
  const byOwner = Map.groupBy(rows, (row) => row.ownerId);
  return ownerIds.map((id) => byOwner.get(id) ?? []);
}
