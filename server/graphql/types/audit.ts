import type { ActorKind } from '../../database/entities/audit.ts';
import { auditActions } from '../../database/entities/audit.ts';
import { builder } from '../builder.ts';
import { AuditEntryRef, isEntity } from '../refs.ts';
import { actionDescriptions } from './auditActions.ts';

const ActionEnum = builder.enumType('AuditAction', {
  description: 'What was done.',
  values: Object.fromEntries(
    auditActions.map((action) => [action, { value: action, description: actionDescriptions[action] }]),
  ) as Record<(typeof auditActions)[number], { value: (typeof auditActions)[number]; description: string }>,
});

const ActorKindEnum = builder.enumType('ActorKind', {
  description: 'Who can do what is recorded.',
  values: {
    PERSON: { value: 'person', description: 'Somebody who was signed in.' },
    API_KEY: { value: 'api_key', description: 'A script.' },
    AGENT: { value: 'agent', description: 'An agent, on its socket.' },
    COMMAND: { value: 'command', description: "The command line of Relay's own machine." },
    STRANGER: { value: 'stranger', description: 'Somebody who was not signed in.' },
  } as const satisfies Record<string, { value: ActorKind; description: string }>,
});

const Detail = builder.objectRef<{ name: string; value: string }>('AuditDetail').implement({
  description: 'One more thing to know about an entry.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is.' }),
    value: t.exposeString('value', { description: 'Its value, for people to read.' }),
  }),
});

builder.node(AuditEntryRef, {
  description: 'Who did what, when and from where. Entries are never changed nor deleted.',
  id: { resolve: (entry) => entry.id },
  isTypeOf: isEntity('AuditEntry'),
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    action: t.field({ type: ActionEnum, description: 'What was done.', resolve: ({ action }) => action }),
    actorKind: t.field({
      type: ActorKindEnum,
      description: 'What kind of somebody did it.',
      resolve: ({ actorKind }) => actorKind,
    }),
    actor: t.exposeString('actor', {
      description:
        "Who did it, as they were called then: an address, a key's name with its creator's address, an Agent ID.",
    }),
    targetType: t.exposeString('targetType', {
      description: 'The type, of this schema, of what it was done to.',
    }),
    target: t.exposeString('target', {
      description: 'What it was done to, as it was called then: an id, a name or an address.',
    }),
    details: t.field({
      type: [Detail],
      description: 'What else there is to know, such as the old and the new value.',
      resolve: ({ details }) => Object.entries(details).map(([name, value]) => ({ name, value })),
    }),
    address: t.string({
      nullable: true,
      description: "The client's network address; null where there is none.",
      resolve: (entry) => entry.address ?? null,
    }),
  }),
});

export const AuditFilterInput = builder.inputType('AuditFilter', {
  description: 'Which entries of the audit log; what is absent does not narrow.',
  fields: (t) => ({
    actor: t.string({ description: "Part of the actor's name, in any case; at most 100 characters." }),
    actions: t.field({ type: [ActionEnum], description: 'Only these actions.' }),
    from: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    to: t.field({ type: 'DateTime', description: 'Before this time.' }),
  }),
});
