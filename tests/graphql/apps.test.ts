import { describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { globalId, organizationId, script, signedIn } from './api.ts';

const room = useRelay();

const APP =
  'app { id appId name active deactivatedAt tokens { lookup state expiresAt revokedAt lastUsedAt } }';

async function register(appId: string) {
  const input = { organizationId: organizationId(room.seed), name: 'Portal', appId };
  return script(room).mutate('registerApp', input, `token ${APP}`);
}

const states = (app: { tokens: { state: string }[] }) => app.tokens.map((token) => token.state);

describe('registering an app', () => {
  test('answers the app and its token, which opens the door', async () => {
    const { app, token } = await register('portal');
    expect(app).toMatchObject({ appId: 'portal', name: 'Portal', active: true });
    expect(token).toMatch(/^rlk_portal_[0-9a-z]{57}$/);
    expect(app.tokens).toMatchObject([{ lookup: token.slice(11, 23), state: 'CURRENT' }]);
    const rows = await room.relay.sql('select hash, lookup from app_token where lookup = $1', [
      app.tokens[0].lookup,
    ]);
    expect(rows[0]?.['hash']).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(rows)).not.toContain(token.slice(-20));
  });

  test('offers a free id where the id is taken', async () => {
    await register('flow');
    await register('flow-2');
    const input = { organizationId: organizationId(room.seed), name: 'Flow', appId: 'flow' };
    const document = `mutation M($input: RegisterAppInput!) { registerApp(input: $input) {
      __typename ... on IdTakenError { field message suggestion } } }`;
    const { data } = await script(room).ask(document, { input });
    expect(data.registerApp).toMatchObject({
      __typename: 'IdTakenError',
      field: 'appId',
      suggestion: 'flow-3',
    });
  });

  test('tells every fault at once', async () => {
    const input = { organizationId: organizationId(room.seed), name: ' ', appId: 'Not_A slug' };
    const answer = await script(room).mutate('registerApp', input);
    expect(answer.__typename).toBe('ValidationError');
    expect(answer.fields.map((fault: { field: string }) => fault.field)).toEqual(['name', 'appId']);
  });

  test.each([
    ['81 characters', 'x'.repeat(81)],
    ['a control character', 'a\u0007b'],
    ['a NUL', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800b'],
  ])('refuses a name with %s', async (_, name) => {
    const input = { organizationId: organizationId(room.seed), name, appId: 'named' };
    expect((await script(room).mutate('registerApp', input)).__typename).toBe('ValidationError');
  });

  test('is for owners only', async () => {
    const member = await signedIn(room, 'member');
    const input = { organizationId: organizationId(room.seed), name: 'Portal', appId: 'mine' };
    expect((await member.mutate('registerApp', input)).__typename).toBe('ForbiddenError');
  });
});

describe('changing an app', () => {
  test('renames it and keeps its id', async () => {
    const { app } = await register('renamed');
    const changed = await script(room).mutate('updateApp', { id: app.id, name: '  Studio  ' }, APP);
    expect(changed.app).toMatchObject({ appId: 'renamed', name: 'Studio' });
  });

  test('closes live connections on deactivation and lets the same token in again after reactivation', async () => {
    const app = await room.seed.app();
    const client = await room.connect(app);
    const off = await script(room).mutate('deactivateApp', { id: app.globalId }, APP);
    expect(off.app).toMatchObject({ active: false, deactivatedAt: expect.any(String) });
    expect((await client.closed).code).toBe(4403);
    await expect(room.connect(app)).rejects.toThrow('403');
    const on = await script(room).mutate('reactivateApp', { id: app.globalId }, APP);
    expect(on.app).toMatchObject({ active: true, deactivatedAt: null });
    await room.connect(app);
  });
});

describe('rotating a token', () => {
  test('keeps the old one for an hour and the new one at once', async () => {
    const app = await room.seed.app();
    const rotated = await script(room).mutate(
      'rotateAppToken',
      { id: app.globalId },
      `token previousTokenExpiresAt ${APP}`,
    );
    expect(states(rotated.app)).toEqual(['CURRENT', 'PREVIOUS']);
    const left = Date.parse(rotated.previousTokenExpiresAt) - room.clock.now();
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await room.connect(app);
    await room.connect({ ...app, token: rotated.token });
  });

  test('with no grace revokes the old one now', async () => {
    const app = await room.seed.app();
    const input = { id: app.globalId, graceSeconds: 0 };
    const rotated = await script(room).mutate('rotateAppToken', input, `previousTokenExpiresAt ${APP}`);
    expect(rotated.previousTokenExpiresAt).toBeNull();
    expect(states(rotated.app)).toEqual(['CURRENT', 'REVOKED']);
  });

  test('twice ends the oldest, also when both happen at once', async () => {
    const app = await room.seed.app();
    const rotate = () => script(room).mutate('rotateAppToken', { id: app.globalId });
    await Promise.all([rotate(), rotate(), rotate(), rotate()]);
    const { data } = await script(room).ask('query A($id: ID!) { app(id: $id) { tokens { state } } }', {
      id: app.globalId,
    });
    expect(states(data.app)).toEqual(['CURRENT', 'PREVIOUS', 'REVOKED', 'REVOKED', 'REVOKED']);
  });

  test.each([-1, 86_401])('refuses a grace of %i seconds', async (graceSeconds) => {
    const app = await room.seed.app();
    const answer = await script(room).mutate('rotateAppToken', { id: app.globalId, graceSeconds });
    expect(answer.fields).toMatchObject([{ field: 'graceSeconds' }]);
  });

  test('can be brought to its end early', async () => {
    const app = await room.seed.app();
    const client = await room.connect(app);
    await script(room).mutate('rotateAppToken', { id: app.globalId });
    const { app: after } = await script(room).mutate('revokePreviousAppToken', { id: app.globalId }, APP);
    expect(states(after)).toEqual(['CURRENT', 'REVOKED']);
    expect((await client.closed).code).toBe(4401);
  });

  test('shows which connection still uses the old one', async () => {
    const app = await room.seed.app();
    await room.connect(app);
    const document = `query A($id: ID!) { app(id: $id) { connection { connected since lastConnectedAt
      instances { usesPreviousToken tokenLookup protocol } } } }`;
    const ask = async () =>
      (await script(room).ask(document, { id: app.globalId })).data.app.connection as { connected: boolean };
    await expect.poll(async () => (await ask()).connected).toBe(true);
    await script(room).mutate('rotateAppToken', { id: app.globalId });
    expect(await ask()).toMatchObject({
      connected: true,
      since: expect.any(String),
      lastConnectedAt: expect.any(String),
      instances: [{ usesPreviousToken: true, tokenLookup: app.lookup, protocol: 'plain' }],
    });
  });
});

test('an app is found by its id, and nothing is found by what is none', async () => {
  const app = await room.seed.app();
  const ask = async (id: string) =>
    (await script(room).ask('query A($id: ID!) { app(id: $id) { appId } }', { id })).data.app;
  expect(await ask(app.globalId)).toEqual({ appId: app.slug });
  for (const id of [
    app.id,
    'App:1',
    globalId('Agent', app.id),
    globalId('App', 'x'),
    `${app.globalId}=`,
    '',
  ]) {
    expect(await ask(id)).toBeNull();
  }
});
