import argon2 from 'argon2';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { connect, refused } from '../harness/client.ts';
import { dumpOf } from '../harness/dump.ts';
import { withoutTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import { forged, mistyped, signed } from '../harness/tokens.ts';

const room = useRelay();
afterEach(() => vi.restoreAllMocks());

it('a registered token has the documented format and is nowhere in the database', async () => {
  const { token } = await register('portal');
  expect(token).toMatch(/^rlk_portal_[0-9a-z]{57}$/);
  await (await connect(room.appDoor, { token })).settled();
  const secret = token.slice(-45, -7);
  const stored = JSON.stringify([...(await dumpOf(room.relay.sql))]);
  expect(stored).toContain(token.slice(-57, -45));
  expect(stored).not.toContain(token);
  expect(stored).not.toContain(secret);
});

it('what is stored of a token is an Argon2id hash at the documented cost', async () => {
  await register('flow');
  const rows = await room.relay.sql(
    `select hash from app_token join app on app.id = app_id where slug = 'flow'`,
  );
  expect(rows[0]?.['hash']).toMatch(/^\$argon2id\$v=19\$m=1024,p=1,t=2\$/);
});

it('a remembered match does not let a token in that was revoked without anybody telling', async () => {
  const app = await room.seed.app();
  await (await connect(room.appDoor, { token: app.token })).settled();
  await room.relay.sql('update app_token set revoked_at = now() where app_id = $1', [app.id]);
  expect((await refused(room.appDoor, { token: app.token })).status).toBe(401);
});

it.each(['app', 'agent'] as const)(
  'an open socket of an %s whose token was revoked without anybody telling is swept within seconds',
  async (kind) => {
    const owner = await room.seed[kind]();
    const client = await room.connect(owner);
    await client.settled();
    await room.relay.sql(`update ${kind}_token set revoked_at = now() where ${kind}_id = $1`, [owner.id]);
    room.clock.advance(5_000);
    expect((await client.closed).code).toBe(4401);
  },
);

it('an open socket whose app was deactivated without anybody telling is swept within seconds', async () => {
  const app = await room.seed.app();
  const client = await room.connect(app);
  await client.settled();
  await room.relay.sql('update app set deactivated_at = now() where id = $1', [app.id]);
  room.clock.advance(5_000);
  expect((await client.closed).code).toBe(4403);
});

describe.each(['app', 'agent'] as const)('a token of an %s', (kind) => {
  const door = () => (kind === 'app' ? room.appDoor : room.agentDoor);
  const from = kind === 'app' ? '127.0.3.1' : '127.0.3.2';

  it('that was mistyped is refused before any query and any hash', async () => {
    const { token, slug } = await room.seed[kind]();
    const hashes = vi.spyOn(argon2, 'verify');
    await withoutTable(room.relay.sql, `${kind}_token`, async () => {
      for (const wrong of ['nonsense', room.seed.key.token, ...mistyped(token)])
        expect((await refused(door(), { token: wrong, from })).status, wrong).toBe(401);
      // What has to be looked for cannot be answered now.
      const unknown = mintToken(kind, slug).token;
      expect((await refused(door(), { token: unknown, from })).problem.code).toBe('UNAVAILABLE');
    });
    expect(hashes).not.toHaveBeenCalled();
  });

  it('costs a query, and a hash where its lookup is known, wherever it is wrong; every refusal is the same', async () => {
    const owner = await room.seed[kind]();
    await (await room.connect(owner)).settled();
    const hashes = vi.spyOn(argon2, 'verify');
    const statements = vi.spyOn(pg.Client.prototype, 'query');
    const queries = () =>
      statements.mock.calls.filter(([first]) => nameOf(first) === `holders-by-lookup-${kind}`);
    const refusals: unknown[] = [];
    const costOf = async (token: string) => {
      const before = [queries().length, hashes.mock.calls.length] as const;
      const { headers, status, text } = await refused(door(), { token, from });
      refusals.push({ status, text, headers: { ...headers, date: undefined } });
      return { queries: queries().length - before[0], hashes: hashes.mock.calls.length - before[1] };
    };
    const elsewhere = signed(`${owner.token.slice(0, 4)}elsewhere_${owner.token.slice(-57, -7)}`);
    for (const unknown of [mintToken(kind, owner.slug).token, forged(owner.token, 0), elsewhere])
      expect(await costOf(unknown)).toEqual({ queries: 1, hashes: 0 });
    // The match that is remembered spares none of them its hash: how much of a secret is right is never to be seen.
    for (const at of [12, 31, 49])
      expect(await costOf(forged(owner.token, at)), `${at}`).toEqual({ queries: 1, hashes: 1 });
    await room.relay.sql(`update ${kind}_token set revoked_at = now() where ${kind}_id = $1`, [owner.id]);
    await costOf(owner.token);
    for (const refusal of refusals) expect(refusal).toEqual(refusals[0]);
  });
});

/** Of a prepared statement. */
function nameOf(statement: unknown): unknown {
  return typeof statement === 'object' && statement !== null && 'name' in statement ? statement.name : null;
}

async function register(appId: string): Promise<{ token: string }> {
  const { organization } = await room.graphql<{ organization: { id: string } }>(
    'query Q($slug: String!) { organization(slug: $slug) { id } }',
    { slug: room.seed.slug },
  );
  return room.mutate('registerApp', { organizationId: organization.id, name: appId, appId }, 'token');
}
