import type { OwnerKind } from '../../bus/topics.ts';
import { Agent } from '../../database/entities/agent.ts';
import { App } from '../../database/entities/app.ts';
import type { Context } from '../context.ts';
import { createFeed } from './feed.ts';

interface Subject {
  kind: OwnerKind;
  id: string;
}

/** Subscribes to everything that changes what is shown of an app's or agent's connection. */
function subscribeTo(
  context: Context,
  organizationId: string,
  tell: (subject: Subject) => void,
): (() => void)[] {
  const { bus } = context.work;
  const owner = (message: { kind: OwnerKind; ownerId: string; organizationId: string }) => {
    if (message.organizationId === organizationId) tell({ kind: message.kind, id: message.ownerId });
  };
  return [
    bus.subscribe('presence.changed', owner),
    bus.subscribe('credential.changed', owner),
    bus.subscribe('directory.changed', ({ kind, id, organizationId: whose }) => {
      if (whose === organizationId && (kind === 'app' || kind === 'agent')) tell({ kind, id });
    }),
  ];
}

/** First each app and agent of the organisation, then those whose connection changed; a burst of one is one. */
export function watchConnections(
  context: Context,
  organizationId: string,
): AsyncIterableIterator<App | Agent> {
  return createFeed<Subject, App | Agent>(context, organizationId, {
    subscribe: (push) => subscribeTo(context, organizationId, push),
    key: ({ kind, id }) => `${kind} ${id}`,
    initial: async () => {
      const { em } = context.work;
      const where = { organization: organizationId };
      const apps = await em.find(App, where, { orderBy: { slug: 'asc' } });
      return [...apps, ...(await em.find(Agent, where, { orderBy: { slug: 'asc' } }))];
    },
    each: ({ kind, id }) => {
      const where = { id, organization: organizationId };
      const { em } = context.work;
      return kind === 'app' ? em.findOne(App, where) : em.findOne(Agent, where);
    },
  });
}

/** One app: as it is, then whenever its connection or its tokens change. */
export function watchApp(context: Context, app: App): AsyncIterableIterator<App> {
  const read = () => context.work.em.findOneOrFail(App, app.id);
  return createFeed<Subject, App>(context, app.organization.id, {
    subscribe: (push) =>
      subscribeTo(context, app.organization.id, (subject) => {
        if (subject.id === app.id) push(subject);
      }),
    key: () => app.id,
    initial: async () => [await read()],
    each: read,
  });
}
