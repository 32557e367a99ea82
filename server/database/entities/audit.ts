import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** Everything that is recorded, named as the API names it. */
export const auditActions = [
  'ORGANIZATION_CREATED',
  'ORGANIZATION_RENAMED',
  'MEMBER_INVITED',
  'INVITATION_RESENT',
  'INVITATION_REVOKED',
  'INVITATION_ACCEPTED',
  'ROLE_CHANGED',
  'MEMBER_ADDED',
  'MEMBER_REMOVED',
  'MEMBER_LEFT',
  'SIGNED_IN',
  'SIGN_IN_LOCKED',
  'SIGNED_OUT',
  'SESSION_REVOKED',
  'SIGNED_OUT_EVERYWHERE',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'APP_REGISTERED',
  'APP_RENAMED',
  'APP_TOKEN_ROTATED',
  'APP_PREVIOUS_TOKEN_REVOKED',
  'APP_DEACTIVATED',
  'APP_REACTIVATED',
  'AGENT_REGISTERED',
  'AGENT_UPDATED',
  'AGENT_TOKEN_ROTATED',
  'AGENT_PREVIOUS_TOKEN_REVOKED',
  'AGENT_DEACTIVATED',
  'AGENT_REACTIVATED',
  'APP_ALLOWED',
  'APP_DISALLOWED',
  'TEST_EVENT_SENT',
  'EVENT_RESENT',
  'EVENT_CONTENT_DELETED',
  'APP_CONTENTS_DELETED',
  'FOREIGN_EVENT_ANSWERED',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const actorKinds = ['person', 'api_key', 'agent', 'command', 'stranger'] as const;
export type ActorKind = (typeof actorKinds)[number];

/**
 * Who did what, when and from where. Only ever added to: a trigger refuses everything else, and where two roles share the
 * database the serving one may only insert and read. Names are copies, and ids have no foreign keys: an entry outlives
 * what it speaks of.
 */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  properties: {
    /** Time-ordered: the order of the log. */
    id: p.uuid().primary(),
    /** Null for the sign-in of somebody who belongs to no organisation. */
    organizationId: p.uuid().nullable(),
    at: p.datetime(3),
    action: p.text().$type<AuditAction>(),
    actorKind: p.enum(actorKinds),
    /** The person, API key or agent; null for the others. */
    actorId: p.uuid().nullable(),
    /** An address, a key's name with its creator's address, or an Agent ID, as it was then. */
    actor: p.text(),
    /** The type of what it was done to, as the API names it, its row id (or `evt_…`) and its name. */
    targetType: p.text(),
    targetId: p.text().nullable(),
    target: p.text(),
    // Not jsonb, which would put them in another order.
    details: p.json().columnType('json').$type<Record<string, string>>(),
    /** The client's network address. */
    address: p.text().nullable(),
  },
  indexes: [{ name: 'audit_entry_organization_index', properties: ['organizationId', 'id'] }],
  triggers: [
    {
      name: 'append_only',
      timing: 'before',
      // Truncate has a trigger of its own, which the schema's comparison cannot see.
      events: ['update', 'delete'],
      forEach: 'statement',
      body: `raise exception 'the audit log can only be added to' using errcode = 'insufficient_privilege';`,
    },
  ],
});
export type AuditEntry = InferEntity<typeof AuditEntry>;
