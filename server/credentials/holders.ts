import type { Pool } from 'pg';

/** A token as stored, and whose it is. Times are ms since the epoch. */
export interface Holder {
  tokenId: string;
  lookup: string;
  hash: string;
  /** The end of the grace; null for a current token. */
  expiresAt: number | null;
  revokedAt: number | null;
  /** The app or agent. */
  ownerId: string;
  /** Its public id. */
  slug: string;
  /** Null while it is active. */
  deactivatedAt: number | null;
  organizationId: string;
  organizationSlug: string;
}

export type HolderKind = 'app' | 'agent';
export type Validity = 'valid' | 'ended' | 'inactive';

/** What of a holder decides whether it may be here. */
export type Standing = Pick<Holder, 'tokenId' | 'expiresAt' | 'revokedAt' | 'deactivatedAt'>;

/** Whether a token may be used at this moment; every door asks this, at the upgrade and for live sockets. */
export function validityOf({ revokedAt, expiresAt, deactivatedAt }: Standing, now: number): Validity {
  if (revokedAt !== null && revokedAt <= now) return 'ended';
  if (expiresAt !== null && expiresAt <= now) return 'ended';
  return deactivatedAt === null ? 'valid' : 'inactive';
}

/** Finds tokens by their public part. Rejects when the database cannot be read. */
export async function findHolders(pool: Pool, kind: HolderKind, lookups: string[]): Promise<Holder[]> {
  const { rows } = await pool.query<Row<Holder>>({
    name: `holders-by-lookup-${kind}`,
    text: `${SELECT[kind]} where t.lookup = any($1::text[])`,
    values: [lookups],
  });
  return rows.map(withNumbers);
}

/**
 * The present standing of those of these tokens that have an end or whose owner is deactivated, usually none: every live
 * socket's token is asked about every second. A token that is gone counts as revoked long ago.
 */
export async function readDoubtful(pool: Pool, kind: HolderKind, tokenIds: string[]): Promise<Standing[]> {
  if (tokenIds.length === 0) return [];
  const { rows } = await pool.query<Row<Standing>>({
    name: `holders-doubtful-${kind}`,
    text: `
select i.id as "tokenId", t.expires_at as "expiresAt", o.deactivated_at as "deactivatedAt",
  case when t.id is null then 'epoch'::timestamptz else t.revoked_at end as "revokedAt"
from unnest($1::uuid[]) as i(id) left join ${kind}_token t on t.id = i.id left join ${kind} o on o.id = t.${kind}_id
where t.id is null or t.expires_at is not null or t.revoked_at is not null or o.deactivated_at is not null`,
    values: [tokenIds],
  });
  return rows.map(withNumbers);
}

interface Times {
  expiresAt: Date | null;
  revokedAt: Date | null;
  deactivatedAt: Date | null;
}

type Row<T> = Omit<T, keyof Times> & Times;

const SELECT: Record<HolderKind, string> = { app: selectFrom('app'), agent: selectFrom('agent') };

function selectFrom(kind: HolderKind): string {
  return `
select t.id as "tokenId", t.lookup, t.hash, t.expires_at as "expiresAt", t.revoked_at as "revokedAt", o.id as "ownerId", o.slug,
  o.deactivated_at as "deactivatedAt", o.organization_id as "organizationId", g.slug as "organizationSlug"
from ${kind}_token t join ${kind} o on o.id = t.${kind}_id join organization g on g.id = o.organization_id`;
}

/** Times as ms since the epoch. */
function withNumbers<R extends Times>(row: R) {
  return {
    ...row,
    expiresAt: row.expiresAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
    deactivatedAt: row.deactivatedAt?.getTime() ?? null,
  };
}
