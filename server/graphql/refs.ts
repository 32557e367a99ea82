import type { Agent } from '../database/entities/agent.ts';
import type { Activity } from '../domain/activity.ts';
import type { ApiKey } from '../database/entities/apiKey.ts';
import type { AuditEntry } from '../database/entities/audit.ts';
import type { Invitation } from '../database/entities/invitation.ts';
import type { App } from '../database/entities/app.ts';
import type { Membership } from '../database/entities/membership.ts';
import type { Organization } from '../database/entities/organization.ts';
import type { Session } from '../database/entities/session.ts';
import type { User } from '../database/entities/user.ts';
import type { Caller } from '../domain/caller.ts';
import type { EventRow } from '../domain/eventRow.ts';
import type { Instance } from '../domain/presence.ts';
import type { Stats } from '../domain/stats.ts';
import type { TokenRow } from '../domain/tokens.ts';
import { builder } from './builder.ts';

/** Types refer to each other in circles, so they are all named here before any of them is described. */
export const OrganizationRef = builder.objectRef<Organization>('Organization');
export const UserRef = builder.objectRef<User>('User');
export const MembershipRef = builder.objectRef<Membership>('Membership');
export const InvitationRef = builder.objectRef<Invitation>('Invitation');
export const SessionRef = builder.objectRef<Session>('Session');
export const AuditEntryRef = builder.objectRef<AuditEntry>('AuditEntry');
export const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey');
export const AppRef = builder.objectRef<App>('App');
export const AgentRef = builder.objectRef<Agent>('Agent');
export const EventRef = builder.objectRef<EventRow>('Event');
export const ViewerRef = builder.objectRef<Caller>('Viewer');
export const TokenRef = builder.objectRef<TokenRow>('Token');
export const StatsRef = builder.objectRef<Stats>('Stats');
export const ActivityRef = builder.objectRef<Activity>('Activity');
export const ConnectionStatusRef = builder.objectRef<{
  lastConnectedAt: Date | null;
  instances: Instance[];
}>('ConnectionStatus');

/** Whether a value is a row of this entity: its class has the entity's name. Events are plain rows with an `evt_` id. */
export function isEntity(name: string): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && value.constructor.name === name;
}
