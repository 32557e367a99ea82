import { describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { organizationId, otherOrganization, script, signedIn } from './api.ts';

const room = useRelay();

const AGENT = `agent { id agentId name description active timeoutSeconds maxSeconds queueSeconds maxInFlight restricted
  pendingCount tokens { state } allowlist { edges { node { appId } } } }`;

const slugs = (list: { edges: { node: { appId?: string; agentId?: string } }[] }) =>
  list.edges.map(({ node }) => node.appId ?? node.agentId);

describe('registering an agent', () => {
  const input = () => ({ organizationId: organizationId(room.seed), name: 'Athena', agentId: 'athena' });

  test('answers it with its defaults and a token', async () => {
    const { agent, token } = await script(room).mutate('registerAgent', input(), `token ${AGENT}`);
    expect(token).toMatch(/^rla_athena_[0-9a-z]{57}$/);
    expect(agent).toMatchObject({
      agentId: 'athena',
      description: '',
      timeoutSeconds: 120,
      maxSeconds: 3600,
      queueSeconds: 86_400,
      maxInFlight: 64,
      restricted: false,
      pendingCount: 0,
    });
    expect((await script(room).mutate('registerAgent', input())).__typename).toBe('IdTakenError');
  });

  test('takes its settings, and refuses those out of bounds, all at once', async () => {
    const given = { ...input(), agentId: 'klyve', description: 'Writes.', timeoutSeconds: 5, maxInFlight: 1 };
    const { agent } = await script(room).mutate('registerAgent', given, AGENT);
    expect(agent).toMatchObject({ description: 'Writes.', timeoutSeconds: 5, maxInFlight: 1 });
    const wrong = { ...input(), timeoutSeconds: 0, maxSeconds: 86_401, queueSeconds: -1, maxInFlight: 1_001 };
    const answer = await script(room).mutate('registerAgent', wrong);
    expect(answer.fields.map((fault: { field: string }) => fault.field)).toEqual([
      'timeoutSeconds',
      'maxSeconds',
      'queueSeconds',
      'maxInFlight',
    ]);
  });
});

describe('changing an agent', () => {
  test('changes what is given and leaves the rest', async () => {
    const agent = await room.seed.agent({ timeoutSeconds: 7 });
    const input = { id: agent.globalId, description: 'New.', maxInFlight: 3 };
    const changed = await script(room).mutate('updateAgent', input, AGENT);
    expect(changed.agent).toMatchObject({
      name: agent.slug,
      description: 'New.',
      timeoutSeconds: 7,
      maxInFlight: 3,
    });
  });

  test('rotating and revoking end its tokens as an app’s', async () => {
    const agent = await room.seed.agent();
    const rotated = await script(room).mutate('rotateAgentToken', { id: agent.globalId }, `token ${AGENT}`);
    expect(rotated.agent.tokens).toEqual([{ state: 'CURRENT' }, { state: 'PREVIOUS' }]);
    await room.connect({ ...agent, token: rotated.token });
    const revoked = await script(room).mutate('revokePreviousAgentToken', { id: agent.globalId }, AGENT);
    expect(revoked.agent.tokens).toEqual([{ state: 'CURRENT' }, { state: 'REVOKED' }]);
    await expect(room.connect(agent)).rejects.toThrow('401');
  });

  test('deactivating closes its connections and reactivating lets it in again', async () => {
    const agent = await room.seed.agent();
    const client = await room.connect(agent);
    await script(room).mutate('deactivateAgent', { id: agent.globalId });
    expect((await client.closed).code).toBe(4403);
    const on = await script(room).mutate('reactivateAgent', { id: agent.globalId }, AGENT);
    expect(on.agent.active).toBe(true);
    await room.connect(agent);
  });
});

describe('the allowlist', () => {
  const reachable = async (app: { globalId: string }) => {
    const document =
      'query R($id: ID!) { app(id: $id) { reachableAgents(first: 100) { edges { node { agentId } } } } }';
    return slugs((await script(room).ask(document, { id: app.globalId })).data.app.reachableAgents);
  };

  test('closes an agent with its first entry and opens it with its last', async () => {
    const [agent, one, two] = await Promise.all([room.seed.agent(), room.seed.app(), room.seed.app()]);
    const change = async (name: string, app: { globalId: string }) => {
      const input = { agentId: agent.globalId, appId: app.globalId };
      return (await script(room).mutate(name, input, AGENT)).agent;
    };
    expect(await reachable(two)).toContain(agent.slug);

    await change('allowApp', one);
    const restricted = await change('allowApp', one);
    expect(restricted).toMatchObject({
      restricted: true,
      allowlist: { edges: [{ node: { appId: one.slug } }] },
    });
    expect(await reachable(one)).toContain(agent.slug);
    expect(await reachable(two)).not.toContain(agent.slug);

    expect(slugs((await change('allowApp', two)).allowlist)).toEqual([one.slug, two.slug].sort());
    await change('disallowApp', one);
    expect((await change('disallowApp', two)).restricted).toBe(false);
    expect(await reachable(one)).toContain(agent.slug);
  });

  test('never joins two organisations, even for an owner of both', async () => {
    const other = await otherOrganization(room);
    const owner = await signedIn(room, 'owner');
    const membership = `insert into membership (id, organization_id, user_id, role, created_at)
      values (gen_random_uuid(), $1, $2, 'owner', now())`;
    await room.relay.sql(membership, [other.organizationId, owner.userId]);
    const [agent, app] = [await room.seed.agent(), await other.app()];
    const input = { agentId: agent.globalId, appId: app.globalId };
    expect((await owner.mutate('allowApp', input)).__typename).toBe('NotFoundError');
  });
});

test('waiting events are counted', async () => {
  const agent = await room.seed.agent();
  const app = await room.seed.app();
  for (const _ of [1, 2]) {
    await script(room).mutate('sendTestEvent', {
      agentId: agent.globalId,
      appId: app.globalId,
      payload: '{}',
    });
  }
  const document =
    'query A($id: ID!) { agent(id: $id) { pendingCount events { edges { node { status } } } } }';
  const { data } = await script(room).ask(document, { id: agent.globalId });
  expect(data.agent.pendingCount).toBe(2);
  expect(data.agent.events.edges).toHaveLength(2);
});
