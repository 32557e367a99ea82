import { describe, expect, it } from 'vitest';
import { refused } from '../harness/client.ts';
import { ask, eventFrame, useRelay } from '../harness/room.ts';
import type { Owner } from '../harness/seed.ts';

const room = useRelay();
const HOUR = 3_600_000;

describe.each(['app', 'agent'] as const)('the token of an %s', (kind) => {
  const noun = kind === 'app' ? 'App' : 'Agent';
  const door = () => (kind === 'app' ? room.appDoor : room.agentDoor);
  const rotate = (owner: Owner, input: Record<string, unknown> = {}) =>
    room.mutate<{ token: string; previousTokenExpiresAt: string | null }>(
      `rotate${noun}Token`,
      { id: owner.globalId, ...input },
      'token previousTokenExpiresAt',
    );
  const lettingIn = async (owner: Owner, token: string) => {
    const client = await room.connect(owner, { token });
    await client.settled();
    return client;
  };
  const stayingShut = async (token: string) => expect((await refused(door(), { token })).status).toBe(401);

  /** Resolves when the tokens of live sockets have been looked at since. */
  const swept = async () => {
    const other = await room.seed[kind]();
    const doomed = await lettingIn(other, other.token);
    await room.relay.sql(`update ${kind}_token set revoked_at = now() where ${kind}_id = $1`, [other.id]);
    await doomed.closed;
  };

  it('works beside its successor until an hour has passed: at 59:59, and not at 60:01, live sockets included', async () => {
    const owner = await room.seed[kind]();
    const live = await lettingIn(owner, owner.token);
    const { token, previousTokenExpiresAt } = await rotate(owner);
    const end = Date.parse(previousTokenExpiresAt!);
    expect(room.clock.now() + HOUR - end).toBeGreaterThanOrEqual(0);
    expect(room.clock.now() + HOUR - end).toBeLessThan(10_000);

    const late = await room.clock.standingAt(end - 1_000, async () => {
      const entering = await lettingIn(owner, owner.token);
      await swept();
      for (const client of [live, entering]) await client.settled();
      await lettingIn(owner, token);
      return entering;
    });
    await room.clock.standingAt(end + 1_000, async () => {
      await stayingShut(owner.token);
      for (const client of [live, late]) expect((await client.closed).code).toBe(4401);
      await lettingIn(owner, token);
    });
  });

  it('is closed with 4401 when the grace ends, while the successor stays open', async () => {
    const owner = await room.seed[kind]();
    const old = await lettingIn(owner, owner.token);
    const { token } = await rotate(owner, { graceSeconds: 20 });
    const fresh = await lettingIn(owner, token);
    room.clock.advance(15_000);
    await old.settled();
    room.clock.advance(10_000);
    expect((await old.closed).code).toBe(4401);
    await fresh.settled();
  });

  it('is announced as rotated to extended connections on it, and to no others', async () => {
    const owner = await room.seed[kind]();
    const protocols = ['relay.v1'];
    const extended = await room.connect(owner, { protocols });
    await extended.next('hello');
    const plain = await lettingIn(owner, owner.token);
    const { token, previousTokenExpiresAt } = await rotate(owner);
    const { body } = await extended.next('notice');
    expect(body).toMatchObject({ code: 'TOKEN_ROTATED', message: expect.any(String) });
    expect(Math.abs(Date.parse(body.expires_at) - Date.parse(previousTokenExpiresAt!))).toBeLessThan(2);
    expect(JSON.stringify(body)).not.toContain(token);
    await plain.settled();
    expect(plain.frames.every((frame) => frame.body.type === 'pong')).toBe(true);
    const fresh = await room.connect(owner, { token, protocols });
    await fresh.next('hello');
    await fresh.settled();
    expect(fresh.frames.map((frame) => frame.body.type)).toEqual(['hello', 'pong']);
  });

  it('with a grace of 0 ends at once', async () => {
    const owner = await room.seed[kind]();
    const live = await lettingIn(owner, owner.token);
    const { token } = await rotate(owner, { graceSeconds: 0 });
    expect((await live.closed).code).toBe(4401);
    await stayingShut(owner.token);
    await lettingIn(owner, token);
  });

  it('is ended by a second rotation within the grace: never are more than two valid', async () => {
    const owner = await room.seed[kind]();
    const first = await lettingIn(owner, owner.token);
    const second = await rotate(owner);
    const third = await rotate(owner);
    expect((await first.closed).code).toBe(4401);
    await stayingShut(owner.token);
    await lettingIn(owner, second.token);
    await lettingIn(owner, third.token);
    expect(new Set([owner.token, second.token, third.token]).size).toBe(3);
  });

  it('can be revoked before its grace ends', async () => {
    const owner = await room.seed[kind]();
    const live = await lettingIn(owner, owner.token);
    const { token } = await rotate(owner);
    await room.mutate(`revokePrevious${noun}Token`, { id: owner.globalId }, `${kind} { id }`);
    expect((await live.closed).code).toBe(4401);
    await stayingShut(owner.token);
    await lettingIn(owner, token);
  });

  it('can be rotated with a grace of 0 to 86,400 s and no other', async () => {
    const owner = await room.seed[kind]();
    for (const graceSeconds of [-1, 86_401]) {
      await expect(rotate(owner, { graceSeconds })).rejects.toThrow(/ValidationError/);
    }
    await rotate(owner, { graceSeconds: 86_400 });
    await lettingIn(owner, owner.token);
  });

  it('is shown by the API for each connection', async () => {
    const owner = await room.seed[kind]();
    await lettingIn(owner, owner.token);
    const { token } = await rotate(owner);
    await lettingIn(owner, token);
    await expect
      .poll(async () =>
        (await instances(owner)).sort((a, b) => Number(a.usesPreviousToken) - Number(b.usesPreviousToken)),
      )
      .toEqual([
        { usesPreviousToken: false, tokenLookup: token.slice(-57, -45) },
        { usesPreviousToken: true, tokenLookup: owner.lookup },
      ]);
  });

  it('closes with 4403 within a second of deactivation, is refused, and works again after reactivation', async () => {
    const owner = await room.seed[kind]();
    const clients = await Promise.all([1, 2, 3].map(() => lettingIn(owner, owner.token)));
    const started = performance.now();
    await room.mutate(`deactivate${noun}`, { id: owner.globalId }, `${kind} { active }`);
    for (const client of clients) expect((await client.closed).code).toBe(4403);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect((await refused(door(), { token: owner.token })).problem.code).toBe('INACTIVE');
    await room.mutate(`reactivate${noun}`, { id: owner.globalId }, `${kind} { active }`);
    await lettingIn(owner, owner.token);
  });

  it('makes its owner connected while any instance is, and disconnected after the last', async () => {
    const owner = await room.seed[kind]();
    const connected = async () => (await presence(owner)).connected;
    expect(await connected()).toBe(false);
    const [first, second] = [await lettingIn(owner, owner.token), await lettingIn(owner, owner.token)];
    await expect.poll(async () => (await presence(owner)).instances.length).toBe(2);
    await first.kill();
    await expect.poll(async () => (await presence(owner)).instances.length).toBe(1);
    expect(await connected()).toBe(true);
    await second.close();
    await expect.poll(connected).toBe(false);
    expect((await presence(owner)).lastConnectedAt).not.toBeNull();
  });

  async function presence(owner: Owner) {
    const data = await room.graphql<Record<string, { connection: Presence }>>(
      `query P($id: ID!) { ${kind}(id: $id) { connection {
        connected lastConnectedAt instances { usesPreviousToken tokenLookup } } } }`,
      { id: owner.globalId },
    );
    return data[kind]!.connection;
  }

  async function instances(owner: Owner) {
    return (await presence(owner)).instances;
  }
});

it('pending events of a deactivated app are processed and their outcomes wait for it', async () => {
  const { app, from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  await room.mutate('deactivateApp', { id: app.globalId }, 'app { id }');
  await from.closed;
  to.send({ type: 'reply', event_id, content: 'kept' });
  await expect.poll(async () => (await room.stored(event_id))['status']).toBe('delivered');
  await room.mutate('reactivateApp', { id: app.globalId }, 'app { id }');
  const again = await room.connect(app);
  room.clock.advance(2_000);
  expect((await again.find('reply')).body).toMatchObject({ event_id, reply: 'kept' });
});

it('pending events of a deactivated agent wait for its reactivation, and new ones are rejected', async () => {
  const { agent, from, to, ask: askHere } = await room.pair();
  const { event_id } = await askHere();
  await to.next('event');
  await room.mutate('deactivateAgent', { id: agent.globalId }, 'agent { id }');
  expect((await to.closed).code).toBe(4403);
  from.send(eventFrame(agent));
  expect((await from.next('error')).body).toMatchObject({ code: 'AGENT_NOT_FOUND' });
  expect((await room.stored(event_id))['status']).toBe('pending');
  await room.mutate('reactivateAgent', { id: agent.globalId }, 'agent { id }');
  const again = await room.connect(agent);
  expect((await again.next('event')).body.event_id).toBe(event_id);
  await ask(from, agent);
});

it('pending events of a deactivated agent fail when queue_seconds are over', async () => {
  const app = await room.seed.app();
  const agent = await room.seed.agent({ queueSeconds: 40 });
  const from = await room.connect(app);
  const { event_id } = await ask(from, agent);
  await room.mutate('deactivateAgent', { id: agent.globalId }, 'agent { id }');
  room.clock.advance(41_000);
  expect((await from.find('error')).body).toMatchObject({ event_id, code: 'AGENT_OFFLINE' });
});

interface Presence {
  connected: boolean;
  lastConnectedAt: string | null;
  instances: { usesPreviousToken: boolean; tokenLookup: string }[];
}
