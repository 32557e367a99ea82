import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { EventStatus } from '../../database/entities/event.ts';
import type { AcceptRecord, AcceptResult } from '../records.ts';
import { countFinals } from './rollup.ts';
import { inTransaction } from './transaction.ts';

/** What PostgreSQL knows the connection as that events are recorded on. */
export const ACCEPT_CONNECTION = 'relay-accept';

/** How long an idempotency key stands for its first event, ms (protocol §7). */
const KEY_LIFE_MS = 86_400_000;

const COLUMNS = `id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, traceparent,
  idempotency_key, hand_over, resend_of, accepted_at, error_code, error_text`;
const INPUT = `unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
  $10::text[], $11::text[], $12::bool[], $13::text[], $14::timestamptz[], $15::text[], $16::text[])`;
const SELECTED = `${COLUMNS}, case when status <> 'pending' then accepted_at end`;

/** What is alone in its batch has no use for the machinery that takes many apart. */
const ONE = {
  name: 'accept-one',
  text: `insert into event (${COLUMNS}, settled_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, case when $7 <> 'pending' then $14::timestamptz end)`,
};

const PLAIN = {
  name: 'accept-plain',
  text: `insert into event (${COLUMNS}, settled_at) select ${SELECTED} from ${INPUT} as t(${COLUMNS})`,
};

// Events under an idempotency key: the first takes the key, later ones find it. A retryable failure releases the key, so an
// event that fails as it is recorded takes none.
const KEYED = {
  name: 'accept-keyed',
  text: `
with input as materialized (
  select t.*, k.digest, k.expires_at as key_expires_at from ${INPUT} as t(${COLUMNS})
  join unnest($1::text[], $17::text[], $18::timestamptz[]) as k(id, digest, expires_at) using (id)
),
won as (
  insert into idempotency_key as k (app_id, key, event_id, digest, expires_at)
  select app_id, idempotency_key, id, digest, key_expires_at from input where digest is not null and status <> 'failed'
  on conflict (app_id, key) do update
    set event_id = excluded.event_id, digest = excluded.digest, expires_at = excluded.expires_at
    where k.expires_at <= $19::timestamptz
  returning k.event_id
),
earlier as materialized (
  select i.id, k.event_id, k.digest = i.digest as same, e.status, e.error_code, e.error_text from input i
  join lateral (
    select event_id, digest from idempotency_key k
    where k.app_id = i.app_id and k.key = i.idempotency_key and k.expires_at > $19::timestamptz limit 1
  ) k on true
  left join lateral (select status, error_code, error_text from event where id = k.event_id limit 1) e on true
  where i.digest is not null
),
inserted as (
  insert into event (${COLUMNS}, settled_at)
  select ${SELECTED} from input i
  where digest is null
    or id in (select event_id from won)
    or (status = 'failed' and id not in (select id from earlier))
  returning id
)
select i.id, e.event_id as "earlierId", e.same, e.status, e.error_code as code, e.error_text as message, n.id is not null as inserted
from input i left join earlier e on e.id = i.id left join inserted n on n.id = i.id`,
};

/** Records a batch of events in one transaction. No two of them may share an app and key. */
export async function insertEvents(
  client: Client,
  batch: AcceptRecord[],
  now: number,
): Promise<AcceptResult[]> {
  const finals = batch.filter((record) => record.status !== 'pending');
  if (finals.length === 0) return insert(client, batch, now);
  return inTransaction(client, async () => {
    const results = await insert(client, batch, now);
    await countFinals(
      client,
      finals.filter((record) => results[batch.indexOf(record)]?.kind === 'recorded'),
    );
    return results;
  });
}

async function insert(client: Client, batch: AcceptRecord[], now: number): Promise<AcceptResult[]> {
  const values = columnsOf(batch);
  if (batch.every((record) => record.idempotencyKey === null)) {
    if (batch.length === 1) await client.query({ ...ONE, values: values.map(([value]) => value) });
    else await client.query({ ...PLAIN, values });
    return batch.map(() => ({ kind: 'recorded' }));
  }
  const digests = batch.map((record) => (record.idempotencyKey === null ? null : digestOf(record)));
  const expiries = batch.map((record) => new Date(record.acceptedAt + KEY_LIFE_MS));
  const { rows } = await client.query<KeyedRow>({
    ...KEYED,
    values: [...values, digests, expiries, new Date(now)],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return batch.map((record) => resultOf(byId.get(record.id)));
}

interface KeyedRow {
  id: string;
  inserted: boolean;
  /** The first event under the key, whether it is the same, and how it stands. */
  earlierId: string | null;
  same: boolean | null;
  status: EventStatus | null;
  code: string | null;
  message: string | null;
}

function resultOf(row: KeyedRow | undefined): AcceptResult {
  if (row?.inserted) return { kind: 'recorded' };
  // Another node took the key while this statement ran: seen only by the next one.
  if (!row?.earlierId) throw new Error('The idempotency key was taken at the same moment.');
  if (!row.same) return { kind: 'mismatch', eventId: row.earlierId };
  const rejection = row.status === 'rejected' ? { code: row.code ?? '', message: row.message ?? '' } : null;
  return { kind: 'duplicate', eventId: row.earlierId, rejection };
}

function columnsOf(batch: AcceptRecord[]): unknown[][] {
  return [
    batch.map((r) => r.id),
    batch.map((r) => r.organizationId),
    batch.map((r) => r.appId),
    batch.map((r) => r.agentId),
    batch.map((r) => r.agentSlug),
    batch.map((r) => r.threadId),
    batch.map((r) => r.status),
    batch.map((r) => r.origin),
    batch.map((r) => r.payload),
    batch.map((r) => r.traceparent),
    batch.map((r) => r.idempotencyKey),
    batch.map((r) => r.handOver),
    batch.map((r) => r.resendOf),
    batch.map((r) => new Date(r.acceptedAt)),
    batch.map((r) => r.errorCode),
    batch.map((r) => r.errorText),
  ];
}

/** What must be the same for a key to mean the same event: agent, thread and the payload's very bytes. */
function digestOf(record: AcceptRecord): string {
  // The length in front of each part keeps two different splits of the same text apart.
  const hash = createHash('sha256');
  for (const part of [record.agentSlug, record.threadId, record.payload])
    hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

const FIND = { name: 'accept-find', text: 'select id from event where id = any($1::text[])' };

/** Which of these events are already there, asked after a commit whose end nobody saw. */
export async function findAccepted(client: Client, batch: AcceptRecord[]): Promise<(AcceptResult | null)[]> {
  const { rows } = await client.query<{ id: string }>({
    ...FIND,
    values: [batch.map((record) => record.id)],
  });
  const found = new Set(rows.map((row) => row.id));
  return batch.map((record) => (found.has(record.id) ? { kind: 'recorded' } : null));
}
