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

/** Whether a token may be used at this moment; every door asks this, at the upgrade and for live sockets. */
export function validityOf(holder: Omit<Holder, 'hash'>, now: number): Validity {
  const { revokedAt, expiresAt, deactivatedAt } = holder;
  if (revokedAt !== null && revokedAt <= now) return 'ended';
  if (expiresAt !== null && expiresAt <= now) return 'ended';
  return deactivatedAt === null ? 'valid' : 'inactive';
}

/** Finds a token by its public part. */
export async function findHolder(pool: Pool, kind: HolderKind, lookup: string): Promise<Holder | null> {
  const { rows } = await pool.query<Row>({
    name: `holder-by-lookup-${kind}`,
    text: `${SELECT[kind]} where t.lookup = $1`,
    values: [lookup],
  });
  return rows[0] ? toHolder(rows[0]) : null;
}

/** Reads the present state of tokens that live sockets hold. */
export async function readHolders(pool: Pool, kind: HolderKind, tokenIds: string[]): Promise<Holder[]> {
  if (tokenIds.length === 0) return [];
  const { rows } = await pool.query<Row>({
    name: `holders-by-id-${kind}`,
    text: `${SELECT[kind]} where t.id = any($1::uuid[])`,
    values: [tokenIds],
  });
  return rows.map(toHolder);
}

interface Row extends Omit<Holder, 'expiresAt' | 'revokedAt' | 'deactivatedAt'> {
  expiresAt: Date | null;
  revokedAt: Date | null;
  deactivatedAt: Date | null;
}

const SELECT: Record<HolderKind, string> = { app: selectFrom('app'), agent: selectFrom('agent') };

function selectFrom(kind: HolderKind): string {
  return `
select t.id as "tokenId", t.lookup, t.hash, t.expires_at as "expiresAt", t.revoked_at as "revokedAt", o.id as "ownerId", o.slug,
  o.deactivated_at as "deactivatedAt", o.organization_id as "organizationId", g.slug as "organizationSlug"
from ${kind}_token t join ${kind} o on o.id = t.${kind}_id join organization g on g.id = o.organization_id`;
}

function toHolder(row: Row): Holder {
  return {
    ...row,
    expiresAt: row.expiresAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
    deactivatedAt: row.deactivatedAt?.getTime() ?? null,
  };
}
