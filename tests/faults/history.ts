import { eventIdFloor } from '../../server/domain/eventId.ts';
import type { Owner } from '../harness/seed.ts';
import type { Site } from './site.ts';

const THREADS = 200;
const PER_MS = 10;
/** How recorded events stand, in the order of COLUMNS. */
const STANDINGS = {
  pending: `'pending', null, null, null, null`,
  finished: `'delivered', $6, 1, '"old"', $6`,
  /** Answered just now, and its app has not been there since. */
  waiting: `'delivered', now(), 1, '"old"', null`,
};
const COLUMNS = 'status, settled_at, latency_ms, reply_content, handed_over_at';

interface What {
  /** When the first was accepted, ms since the epoch; ten a millisecond follow. */
  at: number;
  count: number;
  standing?: keyof typeof STANDINGS;
}

/** Writes events as Relay would have recorded them, keys k1, k2 …; resolves to their ids. */
export async function record(site: Site, app: Owner, agent: Owner, what: What): Promise<string[]> {
  const { at, count, standing = 'pending' } = what;
  const ids = Array.from({ length: count }, (_, n) => idOf(at + Math.floor(n / PER_MS), n));
  const insert = `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, origin, payload,
      idempotency_key, accepted_at, attempts, ${COLUMNS})
    select id, $2, $3, $4, $5, 't' || (n % ${THREADS}), 'app', '{"n":' || n || '}', 'k' || n, $6, 0, ${STANDINGS[standing]}
    from unnest($1::text[]) with ordinality as t(id, n)`;
  const accepted = new Date(at);
  await site.sql(insert, [ids, site.seed.organizationId, app.id, agent.id, agent.slug, accepted]);
  return ids;
}

function idOf(at: number, n: number): string {
  return `${eventIdFloor(at)}000${n.toString(36).padStart(6, '0')}`;
}
