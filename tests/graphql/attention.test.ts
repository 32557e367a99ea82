import { expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { otherOrganization, script } from './api.ts';

const room = useRelay();

const DOCUMENT = `query A($slug: String!) { organization(slug: $slug) { attention { kind since until count total
  subject { ... on App { appId } ... on Agent { agentId } } } } }`;

interface Item {
  kind: string;
  since: string | null;
  until: string | null;
  count: number | null;
  total: number | null;
  subject: { appId?: string; agentId?: string };
}

async function attention(): Promise<Item[]> {
  const { data, errors } = await script(room).ask(DOCUMENT, { slug: room.seed.slug });
  expect(errors).toEqual([]);
  return data.organization.attention;
}

const kinds = async () => (await attention()).map(({ kind }) => kind);

test('nothing needs attention that never connected, or that works', async () => {
  await room.seed.app();
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  to.send({ type: 'reply', event_id, content: 'yes' });
  await from.find('reply');
  await expect.poll(kinds).toEqual([]);
});

test('what was connected and is gone is named, an agent with what waits for it, and no longer once it is back', async () => {
  const { app, agent, from, to, ask } = await room.pair();
  await to.close();
  await ask();
  await from.close();
  await expect.poll(kinds).toEqual(['disconnected', 'disconnected'].map(() => 'DISCONNECTED'));
  const [one, two] = await attention();
  const [ofApp, ofAgent] = one?.subject.appId ? [one, two] : [two, one];
  expect(ofApp).toMatchObject({ subject: { appId: app.slug }, count: null });
  expect(ofAgent).toMatchObject({ subject: { agentId: agent.slug }, count: 1 });
  expect(Date.now() - Date.parse(ofApp!.since!)).toBeLessThan(60_000);

  await room.connect(app);
  await expect.poll(kinds).toEqual(['DISCONNECTED']);
  await script(room).mutate('deactivateAgent', { id: agent.globalId });
  expect(await kinds()).toEqual([]);
});

test('failing agents and rejected events are named with their counts', async () => {
  const { app, agent, from, to, ask } = await room.pair();
  for (const good of [true, true, false]) {
    const { event_id } = await ask();
    if (good) to.send({ type: 'reply', event_id, content: 'yes' });
    else to.send({ type: 'error', event_id, error: 'No.' });
    await from.find(good ? 'reply' : 'error', { event_id });
  }
  from.send({ type: 'event', agent_id: 'nobody', thread_id: 't', payload: {} });
  await from.find('error', { code: 'AGENT_NOT_FOUND' });
  await expect.poll(kinds).toEqual(['FAILING', 'REJECTED']);
  expect(await attention()).toMatchObject([
    { subject: { agentId: agent.slug }, count: 1, total: 3 },
    { subject: { appId: app.slug }, count: 1 },
  ]);
});

test('an agent of whose events fewer than a tenth failed is not failing', async () => {
  const agent = await room.seed.agent();
  const app = await room.seed.app();
  const count = (status: string, times: number) =>
    room.relay.sql(
      `insert into rollup (organization_id, minute, app_id, agent_id, status, bucket, count)
       values ($1, date_trunc('minute', now()), $2, $3, $4, -1, $5)`,
      [room.seed.organizationId, app.id, agent.id, status, times],
    );
  await count('delivered', 100);
  await count('failed', 11);
  expect(await kinds()).toEqual([]);
  await room.relay.sql('update rollup set count = 12 where agent_id = $1 and status = $2', [
    agent.id,
    'failed',
  ]);
  expect(await attention()).toMatchObject([{ kind: 'FAILING', count: 12, total: 112 }]);
});

test('a grace that will end is named with who still needs the old token, until it is ended', async () => {
  const app = await room.seed.app();
  await room.connect(app);
  const rotated = await script(room).mutate(
    'rotateAppToken',
    { id: app.globalId, graceSeconds: 600 },
    'token',
  );
  await room.connect({ ...app, token: rotated.token });
  await expect
    .poll(attention)
    .toMatchObject([{ kind: 'GRACE_ENDING', subject: { appId: app.slug }, count: 1, total: 2 }]);
  expect(Date.parse((await attention())[0]!.until!) - room.clock.now()).toBeGreaterThan(500_000);
  await script(room).mutate('revokePreviousAppToken', { id: app.globalId });
  expect(await kinds()).toEqual([]);
});

test('a current token older than 90 days is named, a younger and a retired one are not', async () => {
  const [old, young] = [await room.seed.agent(), await room.seed.app()];
  const age = (table: string, id: string, days: number) =>
    room.relay.sql(
      `update ${table}_token set created_at = $2::timestamptz - $3 * interval '1 day' where ${table}_id = $1`,
      [id, new Date(room.clock.now()), days],
    );
  await age('agent', old.id, 91);
  await age('app', young.id, 89);
  const [found, ...others] = await attention();
  expect(found).toMatchObject({ kind: 'TOKEN_OLD', subject: { agentId: old.slug } });
  expect(Math.round((room.clock.now() - Date.parse(found!.since!)) / 86_400_000)).toBe(91);
  expect(others).toEqual([]);
  await script(room).mutate('rotateAgentToken', { id: old.globalId, graceSeconds: 0 });
  expect(await kinds()).toEqual([]);
});

test('nothing of another organisation is named', async () => {
  const other = await otherOrganization(room);
  const agent = await other.agent();
  await (await room.connect(agent)).close();
  await room.relay.sql(`update agent_token set created_at = now() - interval '1 year' where agent_id = $1`, [
    agent.id,
  ]);
  const { data } = await script(room, other).ask(DOCUMENT, { slug: other.slug });
  expect(data.organization.attention.map(({ kind }: Item) => kind)).toContain('TOKEN_OLD');
  expect(await attention()).toEqual([]);
});
