import { expect, it } from 'vitest';
import { connect, refused } from '../harness/client.ts';
import { dumpOf } from '../harness/dump.ts';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

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

async function register(appId: string): Promise<{ token: string }> {
  const { organization } = await room.graphql<{ organization: { id: string } }>(
    'query Q($slug: String!) { organization(slug: $slug) { id } }',
    { slug: room.seed.slug },
  );
  return room.mutate('registerApp', { organizationId: organization.id, name: appId, appId }, 'token');
}
