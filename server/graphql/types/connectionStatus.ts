import type { Instance } from '../../domain/presence.ts';
import { builder } from '../builder.ts';
import { ConnectionStatusRef } from '../refs.ts';

const ConnectionInstance = builder.objectRef<Instance>('ConnectionInstance').implement({
  description: 'One open WebSocket of an app or agent.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the connection, as in timelines and in `hello`.' }),
    connectedAt: t.expose('connectedAt', { type: 'DateTime', description: 'When it opened.' }),
    lastEventAt: t.expose('lastEventAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last sent an event, or was given one, to a few seconds; null when it never did.',
    }),
    address: t.exposeString('address', { nullable: true, description: 'The address it came from.' }),
    client: t.exposeString('client', { nullable: true, description: 'Its User-Agent, where it sent one.' }),
    protocol: t.exposeString('protocol', { description: '`plain` or `relay.v1`.' }),
    usesPreviousToken: t.exposeBoolean('usesPreviousToken', {
      description: 'Whether it opened with a token that has been rotated out since.',
    }),
    tokenLookup: t.exposeString('tokenLookup', {
      description: 'The 12 public characters of the token it opened with.',
    }),
  }),
});

ConnectionStatusRef.implement({
  description: 'Whether an app or agent is connected, from the connections that live nodes hold.',
  fields: (t) => ({
    connected: t.boolean({
      description: 'Whether at least one connection is open.',
      resolve: ({ instances }) => instances.length > 0,
    }),
    since: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest open connection opened; null when there is none.',
      resolve: ({ instances }) => instances[0]?.connectedAt ?? null,
    }),
    lastConnectedAt: t.expose('lastConnectedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a connection last opened; null when none ever did.',
    }),
    instances: t.expose('instances', {
      type: [ConnectionInstance],
      description: 'The open connections, oldest first.',
    }),
  }),
});
