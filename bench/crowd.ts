import { createVerifier } from '../server/credentials/verifier.ts';
import { mintToken } from '../server/credentials/token.ts';
import type { RelaySubject } from './relay.ts';

/** Registers apps `{crowd}-0` to `count` - 1 with a token each, straight into the tables: the API would take minutes. */
export async function registerApps(relay: RelaySubject, crowd: string, count: number): Promise<string[]> {
  const verifier = createVerifier();
  const tokens = Array.from({ length: count }, (_, index) => ({
    slug: `${crowd}-${index}`,
    ...mintToken('app', `${crowd}-${index}`),
  }));
  const hashes: string[] = [];
  // As many at a time as the verifier lets wait.
  for (let at = 0; at < count; at += 200)
    hashes.push(...(await Promise.all(tokens.slice(at, at + 200).map(({ token }) => verifier.hash(token)))));
  await relay.db.query(
    `with o as (select id from organization limit 1),
      a as (insert into app (id, organization_id, slug, name, created_at)
        select gen_random_uuid(), o.id, slug, slug, now() from o, unnest($1::text[]) slug returning id, slug)
      insert into app_token (id, app_id, lookup, hash, created_at)
        select gen_random_uuid(), a.id, t.lookup, t.hash, now()
        from unnest($1::text[], $2::text[], $3::text[]) as t(slug, lookup, hash) join a on a.slug = t.slug`,
    [tokens.map(({ slug }) => slug), tokens.map(({ lookup }) => lookup), hashes],
  );
  return tokens.map(({ token }) => token);
}
