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

  test('is searched by a part of a name or an App ID, page by page', async () => {
    const agent = await room.seed.agent();
    const apps = await Promise.all(['find-a', 'find-b', 'other'].map((slug) => room.seed.app(slug)));
    await script(room).mutate('changeAllowlist', {
      agentId: agent.globalId,
      allow: apps.map(({ globalId }) => globalId),
      disallow: [],
    });
    await room.relay.sql(`update app set name = 'Something_to FIND' where id = $1`, [apps[2]!.id]);
    const page = async (search: string, first = 10, after: string | null = null) => {
      const document = `query A($id: ID!, $search: String, $first: Int, $after: String) { agent(id: $id) {
        allowlist(search: $search, first: $first, after: $after) { edges { node { agentId: appId } } pageInfo { hasNextPage endCursor } } } }`;
      const variables = { id: agent.globalId, search, first, after };
      const { data, errors } = await script(room).ask(document, variables);
      return errors.length > 0 ? errors[0]!.extensions?.['code'] : data.agent.allowlist;
    };
    expect(slugs(await page(' find '))).toEqual(['find-a', 'find-b', 'other']);
    expect(slugs(await page('_'))).toEqual(['other']);
    const first = await page('find', 2);
    expect(slugs(first)).toEqual(['find-a', 'find-b']);
    expect(slugs(await page('find', 2, first.pageInfo.endCursor))).toEqual(['other']);
    expect(slugs(await page('nothing'))).toEqual([]);
    expect(await page('x'.repeat(101))).toBe('VALIDATION');
  });

  test('is changed for many apps at once, each change in the audit log, and never half', async () => {
    const agent = await room.seed.agent();
    const [one, two, three] = await Promise.all([room.seed.app(), room.seed.app(), room.seed.app()]);
    const change = (allow: { globalId: string }[], disallow: { globalId: string }[]) =>
      script(room).mutate(
        'changeAllowlist',
        {
          agentId: agent.globalId,
          allow: allow.map(({ globalId }) => globalId),
          disallow: disallow.map(({ globalId }) => globalId),
        },
        AGENT,
      );
    expect(slugs((await change([one, two], [])).agent.allowlist)).toEqual([one.slug, two.slug].sort());
    const next = await change([two, three], [one, one]);
    expect(slugs(next.agent.allowlist)).toEqual([two.slug, three.slug].sort());
    const entries = await room.relay.sql(
      'select action, details from audit_entry where organization_id = $1 order by id',
      [room.seed.organizationId],
    );
    const said = entries.map(({ action, details }) => [action, (details as { app: string }).app].join(' '));
    expect(said.sort()).toEqual(
      [
        `APP_ALLOWED ${one.slug}`,
        `APP_ALLOWED ${two.slug}`,
        `APP_ALLOWED ${three.slug}`,
        `APP_DISALLOWED ${one.slug}`,
      ].sort(),
    );

    const foreign = await (await otherOrganization(room)).app();
    expect((await change([one, foreign], [two])).__typename).toBe('NotFoundError');
    const { data } = await script(room).ask(
      `query A($id: ID!) { agent(id: $id) { ${AGENT.slice(8, -1)} } }`,
      {
        id: agent.globalId,
      },
    );
    expect(slugs(data.agent.allowlist)).toEqual([two.slug, three.slug].sort());
    const many = await script(room).mutate('changeAllowlist', {
      agentId: agent.globalId,
      allow: Array.from({ length: 501 }, () => one.globalId),
      disallow: [],
    });
    expect(many.__typename).toBe('ValidationError');
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

describe('a dry run', () => {
  const REACH =
    'query R($app: ID!, $agent: ID!) { reach(appId: $app, agentId: $agent) { allowed code message } }';

  test('says what a real event is told, and sends nothing', async () => {
    const { app, agent, from, ask } = await room.pair();
    const other = await room.seed.app();
    const judged = async () => {
      const { data } = await script(room).ask(REACH, { app: app.globalId, agent: agent.globalId });
      return data.reach;
    };
    const told = async () => {
      from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
      const { body } = await from.find('error');
      return { allowed: false, code: body['code'], message: body['error'] };
    };
    expect(await judged()).toEqual({ allowed: true, code: null, message: null });
    await ask();

    await script(room).mutate('allowApp', { agentId: agent.globalId, appId: other.globalId });
    expect((await judged()).code).toBe('NOT_ALLOWED');
    expect(await judged()).toEqual(await told());

    await script(room).mutate('deactivateAgent', { id: agent.globalId });
    expect((await judged()).code).toBe('AGENT_NOT_FOUND');
    expect(await judged()).toEqual(await told());
    const events = await room.relay.sql('select id from event where app_id = $1', [app.id]);
    expect(events).toHaveLength(3);
  });
});

test('how an agent’s events went wrong is counted by code and by app, and what is in flight apart', async () => {
  const { app, agent, from, to, ask } = await room.pair();
  const other = await room.seed.app();
  const { event_id } = await ask();
  await to.find('event');
  const document = `query A($id: ID!) { agent(id: $id) { pendingCount inFlightCount errors { code count }
    rejections { app { appId } code count } activity { delivered failed rejected successRate ended troubled } } }`;
  const now = async () => (await script(room).ask(document, { id: agent.globalId })).data.agent;
  expect(await now()).toMatchObject({ pendingCount: 1, inFlightCount: 1, errors: [], rejections: [] });

  to.send({ type: 'error', event_id, error: 'No.', code: 'AGENT_ERROR' });
  await from.find('error', { event_id });
  await script(room).mutate('allowApp', { agentId: agent.globalId, appId: other.globalId });
  for (const thread_id of ['a', 'b']) {
    from.send({ type: 'event', agent_id: agent.slug, thread_id, payload: {} });
    await from.find('error', { code: 'NOT_ALLOWED' });
  }
  const after = await now();
  expect(after).toMatchObject({
    pendingCount: 0,
    inFlightCount: 0,
    errors: [
      { code: 'NOT_ALLOWED', count: 2 },
      { code: 'AGENT_ERROR', count: 1 },
    ],
    rejections: [{ app: { appId: app.slug }, code: 'NOT_ALLOWED', count: 2 }],
  });
  expect(after.activity).toMatchObject({ delivered: 0, failed: 1, rejected: 2, successRate: 0 });
  expect(after.activity.ended).toHaveLength(24);
  // The hour may turn between the two.
  expect(after.activity.ended.slice(-2).reduce((sum: number, n: number) => sum + n)).toBe(3);
  expect(after.activity.troubled.slice(-2).reduce((sum: number, n: number) => sum + n)).toBe(3);

  const apps = `query O($slug: String!) { organization(slug: $slug) { apps { edges { node {
    appId activity { failed rejected successRate } } } } } }`;
  const { data } = await script(room).ask(apps, { slug: room.seed.slug });
  const rows = data.organization.apps.edges.map(({ node }: { node: { appId: string } }) => node);
  expect(rows.find((row: { appId: string }) => row.appId === app.slug).activity).toEqual({
    failed: 1,
    rejected: 2,
    successRate: 0,
  });
  expect(rows.find((row: { appId: string }) => row.appId === other.slug).activity.successRate).toBeNull();
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
