import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** A running Relay process. Its lease, by the database's clock, is what makes it live. */
export const Node = defineEntity({
  name: 'Node',
  properties: {
    id: p.text().primary(),
    /** Drawn from a sequence at every start: tells this start of the node from any earlier one. */
    epoch: p.bigint('string').unique(),
    startedAt: p.datetime(3),
    leaseExpiresAt: p.datetime(3),
  },
});
export type Node = InferEntity<typeof Node>;

/** An open socket. It counts only while the node and epoch that hold it are live. */
export const Connection = defineEntity({
  name: 'Connection',
  properties: {
    id: p.text().primary(),
    nodeId: p.text(),
    epoch: p.bigint('string').index(),
    organizationId: p.uuid().index(),
    kind: p.enum(['app', 'agent'] as const),
    /** The app or agent. */
    ownerId: p.uuid().index(),
    tokenId: p.uuid(),
    protocol: p.enum(['plain', 'relay.v1'] as const),
    address: p.text().nullable(),
    client: p.text().nullable(),
    connectedAt: p.datetime(3),
    /** When it last sent an event, or was last given one; written now and then, see `broker/presence.ts`. */
    lastEventAt: p.datetime(3).nullable(),
  },
});
export type Connection = InferEntity<typeof Connection>;
