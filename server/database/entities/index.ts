import { Agent, AgentToken, AllowlistEntry } from './agent.ts';
import { ApiKey } from './apiKey.ts';
import { App, AppToken } from './app.ts';
import { AuditEntry } from './audit.ts';
import { Event, EventStep, IdempotencyKey, Rollup, Tally } from './event.ts';
import { Invitation } from './invitation.ts';
import { LoginCode } from './loginCode.ts';
import { Membership } from './membership.ts';
import { Connection, Node } from './node.ts';
import { Organization } from './organization.ts';
import { RateLimit } from './rateLimit.ts';
import { Session } from './session.ts';
import { User } from './user.ts';

/** Every table, named here once: discovery by folder would need file access at start. */
export const entities = [
  Organization,
  User,
  Membership,
  Invitation,
  LoginCode,
  Session,
  ApiKey,
  App,
  AppToken,
  Agent,
  AgentToken,
  AllowlistEntry,
  Event,
  EventStep,
  IdempotencyKey,
  Rollup,
  Tally,
  Node,
  Connection,
  AuditEntry,
  RateLimit,
];
