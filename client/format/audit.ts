import type { ActorKind, AuditAction, AuditFilter, AuditRowFragment } from '../api/generated/graphql.ts';
import { timeOf } from './event-filter.ts';
import { fileFormats } from './file-formats.ts';
import { exactly } from './time.ts';

/** What was done, in words; the target follows. */
export const actions: Record<AuditAction, string> = {
  ORGANIZATION_CREATED: 'Created organization',
  ORGANIZATION_RENAMED: 'Renamed organization',
  MEMBER_INVITED: 'Invited',
  INVITATION_RESENT: 'Invited again',
  INVITATION_REVOKED: 'Revoked invitation',
  INVITATION_ACCEPTED: 'Accepted invitation',
  ROLE_CHANGED: 'Changed role',
  MEMBER_ADDED: 'Added member',
  MEMBER_REMOVED: 'Removed member',
  MEMBER_LEFT: 'Left',
  SIGNED_IN: 'Signed in',
  SIGN_IN_LOCKED: 'Tried five wrong codes for',
  SIGNED_OUT: 'Signed out',
  SESSION_REVOKED: 'Signed a browser out',
  SIGNED_OUT_EVERYWHERE: 'Signed out everywhere',
  API_KEY_CREATED: 'Created API key',
  API_KEY_REVOKED: 'Revoked API key',
  APP_REGISTERED: 'Registered app',
  APP_RENAMED: 'Renamed app',
  APP_TOKEN_ROTATED: 'Rotated app token',
  APP_PREVIOUS_TOKEN_REVOKED: 'Revoked old app token',
  APP_DEACTIVATED: 'Deactivated app',
  APP_REACTIVATED: 'Reactivated app',
  AGENT_REGISTERED: 'Registered agent',
  AGENT_UPDATED: 'Changed agent',
  AGENT_TOKEN_ROTATED: 'Rotated agent token',
  AGENT_PREVIOUS_TOKEN_REVOKED: 'Revoked old agent token',
  AGENT_DEACTIVATED: 'Deactivated agent',
  AGENT_REACTIVATED: 'Reactivated agent',
  APP_ALLOWED: 'Allowed an app at',
  APP_DISALLOWED: 'Disallowed an app at',
  TEST_EVENT_SENT: 'Sent test event',
  EVENT_RESENT: 'Sent event again',
  EVENT_CONTENT_DELETED: 'Deleted content of event',
  APP_CONTENTS_DELETED: 'Deleted contents of app',
  FOREIGN_EVENT_ANSWERED: 'Answered an event not its own',
};

export const actorKinds: Record<ActorKind, string> = {
  PERSON: 'person',
  API_KEY: 'API key',
  AGENT: 'agent',
  COMMAND: 'command line',
  STRANGER: 'not signed in',
};

/** The filters as they stand in the address. */
export type AuditQuery = Record<'actor' | 'action' | 'range' | 'from' | 'to', string>;

/** The filter of the API that an address stands for; whatever makes no sense is left out. */
export function toAuditFilter(query: Partial<AuditQuery>, now: number): AuditFilter {
  const action =
    query.action && Object.hasOwn(actions, query.action) ? (query.action as AuditAction) : undefined;
  return {
    ...(query.actor ? { actor: query.actor } : {}),
    ...(action ? { actions: [action] } : {}),
    ...timeOf(query, now),
  };
}

/** What details are called on the pages they are about. */
const detailNames: Record<string, string> = {
  graceSeconds: 'grace',
  timeoutSeconds: 'timeout',
  maxSeconds: 'longest answer',
  queueSeconds: 'offline wait',
  maxInFlight: 'events at once',
  handOver: 'answer handed over',
};

/** For people: `timeout: 2m → 1m 30s; events at once: 64 → 8`. */
export function detailWords(details: AuditRowFragment['details']): string {
  const told = details.map(({ name, value }) => {
    const lengths = name.endsWith('Seconds');
    return {
      name: detailNames[name] ?? name,
      value: lengths ? value.replaceAll(/\d+/g, (seconds) => exactly(Number(seconds))) : value,
    };
  });
  return detailText(told);
}

/** `from: Portal; to: Portal Two`. */
function detailText(details: AuditRowFragment['details']): string {
  return details.map(({ name, value }) => `${name}: ${value}`).join('; ');
}

const columns: Record<string, (entry: AuditRowFragment) => string> = {
  time: (entry) => entry.at,
  actor: (entry) => entry.actor,
  actor_kind: (entry) => entry.actorKind,
  action: (entry) => entry.action,
  target_type: (entry) => entry.targetType,
  target: (entry) => entry.target,
  details: (entry) => detailText(entry.details),
  address: (entry) => entry.address ?? '',
};

/** What a downloaded log looks like. */
export const auditFormats = fileFormats<AuditRowFragment>(
  columns,
  ({ id, at, actor, actorKind, action, targetType, target, details, address }) => ({
    id,
    at,
    actor,
    actorKind,
    action,
    targetType,
    target,
    details: Object.fromEntries(details.map(({ name, value }) => [name, value])),
    address,
  }),
);
