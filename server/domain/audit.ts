import type { Pool } from 'pg';
import type { ActorKind, AuditAction } from '../database/entities/audit.ts';
import { AuditEntry } from '../database/entities/audit.ts';
import { ApiKey } from '../database/entities/apiKey.ts';
import { User } from '../database/entities/user.ts';
import type { Caller } from './caller.ts';
import { newId } from './id.ts';
import type { Em } from './work.ts';

/** What something was done to. Never a secret: names and row ids only. */
export interface Target {
  /** Its type as the API names it. */
  type: string;
  id: string | null;
  name: string;
}

/** One thing that was done. `details` are for people to read and never hold a token, code or session id. */
export interface Act {
  action: AuditAction;
  /** null: it belongs to no organisation. */
  organizationId: string | null;
  target: Target;
  details?: Record<string, string>;
}

interface Actor {
  kind: ActorKind;
  id: string | null;
  name: string;
  address: string | null;
}

/** Records what the caller does, in the very transaction that does it: `em` is that transaction's. */
export async function audit(em: Em, caller: Caller, at: Date, act: Act): Promise<void> {
  await insert(em, await actorOf(em, caller), at, act);
}

/** The same for what is done at the command line of Relay's own machine. */
export function auditCommand(em: Em, at: Date, act: Act): Promise<void> {
  return insert(em, { kind: 'command', id: null, name: 'relay command', address: null }, at, act);
}

/** The same for somebody who has not shown who they are. */
export function auditStranger(em: Em, address: string, at: Date, act: Act): Promise<void> {
  return insert(em, { kind: 'stranger', id: null, name: 'somebody not signed in', address }, at, act);
}

/** Names are copied, so that the entry can be read when the person or key is gone. */
async function actorOf(em: Em, { userId, apiKeyId, address }: Caller): Promise<Actor> {
  const { email } = await em.findOneOrFail(User, userId, { disableIdentityMap: true });
  if (apiKeyId === null) return { kind: 'person', id: userId, name: email, address };
  const key = await em.findOneOrFail(ApiKey, apiKeyId, { disableIdentityMap: true });
  return { kind: 'api_key', id: apiKeyId, name: `${key.name} (${email})`, address };
}

async function insert(em: Em, actor: Actor, at: Date, act: Act): Promise<void> {
  await em.insert(AuditEntry, {
    id: newId(at.getTime()),
    organizationId: act.organizationId,
    at,
    action: act.action,
    actorKind: actor.kind,
    actorId: actor.id,
    actor: actor.name,
    targetType: act.target.type,
    targetId: act.target.id,
    target: act.target.name,
    details: act.details ?? {},
    address: actor.address,
  });
}

/** An agent answered an event that is not its own. Told alike whether that event is another agent's or nobody's. */
export async function auditForeignAnswer(
  pool: Pool,
  agent: { id: string; organizationId: string; address: string | null },
  eventId: string,
  at: number,
): Promise<void> {
  await pool.query(
    `insert into audit_entry (id, organization_id, at, action, actor_kind, actor_id, actor,
                              target_type, target_id, target, details, address)
     select $1::uuid, $2::uuid, $3::timestamptz, 'FOREIGN_EVENT_ANSWERED', 'agent', id, slug,
            'Event', $5::text, $5::text, '{}'::json, $6::text
       from agent where id = $4::uuid`,
    [newId(at), agent.organizationId, new Date(at), agent.id, eventId, agent.address],
  );
}
