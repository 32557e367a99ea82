import { beforeEach, describe, expect, test } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { useRelay } from '../harness/room.ts';
import type { Owner } from '../harness/seed.ts';
import type { Variables } from './api.ts';
import { globalId, organizationId, otherOrganization, script } from './api.ts';

const room = useRelay();

const START = Date.UTC(2026, 3, 7, 10, 0, 0);
const MINUTE = 60_000;
let app: Owner;
let agent: Owner;
let ids: string[];
let recorded = 0;

interface Row {
  status?: string;
  thread?: string;
  code?: string | null;
  payload?: string;
  reply?: string | null;
  minute: number;
}

async function record(row: Row): Promise<string> {
  const at = START + row.minute * MINUTE;
  // Another organisation of another test has events of the same times.
  const id = `${eventIdFloor(at)}000${(recorded += 1).toString(36).padStart(4, '0')}`;
  const { status = 'delivered', thread = 'thread', code = null, payload = '{}', reply = null } = row;
  await room.relay.sql(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload,
       accepted_at, dispatched_at, connection_id, first_token_at, attempts, settled_at, latency_ms, reply_content,
       error_code, error_text)
     values ($1, $2, $3, $4, $5, $6, $7, 'app', $8, $9, $9, 'con_1', $9, 1, $9, 12, $10, $11, $11)`,
    [
      id,
      room.seed.organizationId,
      app.id,
      agent.id,
      agent.slug,
      thread,
      status,
      payload,
      new Date(at),
      reply,
      code,
    ],
  );
  return id;
}

beforeEach(async () => {
  [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  ids = [];
  for (let minute = 0; minute < 7; minute += 1) {
    const failed = minute === 3;
    ids.push(
      await record({
        minute,
        status: failed ? 'failed' : 'delivered',
        code: failed ? 'AGENT_TIMEOUT' : null,
        thread: minute % 2 ? 'odd' : 'even',
      }),
    );
  }
  ids.reverse();
});

const PAGE = `query P($slug: String!, $filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) {
  organization(slug: $slug) { events(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { eventId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;

async function page(variables: Variables = {}) {
  const { data, errors } = await script(room).ask(PAGE, { slug: room.seed.slug, ...variables });
  if (errors.length > 0) return { errors, ids: [], cursors: [] };
  const { edges, pageInfo } = data.organization.events;
  const nodes = edges as { cursor: string; node: { eventId: string } }[];
  return {
    errors,
    ids: nodes.map((edge) => edge.node.eventId),
    cursors: nodes.map((edge) => edge.cursor),
    ...pageInfo,
  };
}

describe('the history', () => {
  test('is read newest first, page by page, each event once, and back again', async () => {
    const first = await page({ first: 3 });
    expect(first).toMatchObject({ ids: ids.slice(0, 3), hasNextPage: true, hasPreviousPage: false });
    const second = await page({ first: 3, after: first.endCursor });
    expect(second.ids).toEqual(ids.slice(3, 6));
    const third = await page({ first: 3, after: second.endCursor });
    expect(third).toMatchObject({ ids: ids.slice(6), hasNextPage: false, hasPreviousPage: true });

    expect(await page({ last: 3, before: third.startCursor })).toMatchObject({
      ids: ids.slice(3, 6),
      hasPreviousPage: true,
      hasNextPage: true,
    });
    expect(await page({ last: 2 })).toMatchObject({
      ids: ids.slice(5),
      hasPreviousPage: true,
      hasNextPage: false,
    });
  });

  test('does not shift under a reader when events come', async () => {
    const first = await page({ first: 3 });
    await record({ minute: 8 });
    expect((await page({ first: 3, after: first.endCursor })).ids).toEqual(ids.slice(3, 6));
  });

  const at = (minute: number) => new Date(START + minute * MINUTE).toISOString();
  test.each<[string, () => Variables, number[]]>([
    ['status', () => ({ status: ['FAILED'] }), [3]],
    ['several statuses', () => ({ status: ['FAILED', 'DELIVERED'] }), [0, 1, 2, 3, 4, 5, 6]],
    ['no status', () => ({ status: [] }), []],
    ['code', () => ({ code: 'AGENT_TIMEOUT' }), [3]],
    ['thread, exactly', () => ({ threadId: 'odd' }), [1, 3, 5]],
    ['part of a thread', () => ({ threadId: 'od' }), []],
    ['a pattern', () => ({ threadId: '%' }), []],
    ['app', () => ({ appId: app.globalId }), [0, 1, 2, 3, 4, 5, 6]],
    ['agent and time', () => ({ agentId: agent.globalId, from: at(2), to: at(5) }), [2, 3, 4]],
    ['a time not yet come', () => ({ from: '2030-01-01T00:00:00Z' }), []],
  ])('is narrowed by %s', async (_name, filter, minutes) => {
    const expected = minutes.map((minute) => ids[6 - minute]).reverse();
    expect((await page({ filter: filter() })).ids).toEqual(expected);
  });

  const found = async (filter: Variables) =>
    (await page({ filter: { from: at(-1), to: at(30), ...filter } })).ids;

  test('is searched for a text in payload and reply, in any case, and together with other filters', async () => {
    const inPayload = await record({ minute: 20, payload: '{"order":"A-1001"}' });
    const inReply = await record({ minute: 21, reply: '"Order a-1001 is on its way"', thread: 'odd' });
    await record({ minute: 22, payload: '{"order":"A-2002"}' });
    expect(await found({ text: 'a-1001' })).toEqual([inReply, inPayload]);
    expect(await found({ text: 'A-1001', threadId: 'odd' })).toEqual([inReply]);
    expect(await found({ text: 'A-1001', status: ['FAILED'] })).toEqual([]);
    expect(await found({ text: '' })).toHaveLength(10);
  });

  test('is searched for the very text: nothing in it is a pattern', async () => {
    const id = await record({ minute: 20, payload: String.raw`{"rate":"100%","path":"a_b\\c"}` });
    for (const text of ['100%"', 'a_b', String.raw`b\\c`]) expect(await found({ text })).toEqual([id]);
    for (const text of ['1%"', 'a%b', 'a_b_', "' or true --"]) expect(await found({ text })).toEqual([]);
  });

  test('is not searched further than a week, and another organisation not at all', async () => {
    await record({ minute: 20, payload: '{"order":"A-1001"}' });
    const from = new Date(START - 8 * 1_440 * MINUTE).toISOString();
    const refused = [{ extensions: { code: 'VALIDATION', fields: [{ field: 'from' }] } }];
    expect((await page({ filter: { text: 'A-1001' } })).errors).toMatchObject(refused);
    expect((await page({ filter: { text: 'A-1001', from, to: at(30) } })).errors).toMatchObject(refused);
    expect((await page({ filter: { text: 'A-1001', from } })).errors).toMatchObject(refused);
    const other = await otherOrganization(room);
    const variables = { slug: other.slug, filter: { text: 'A-1001', from: at(-1), to: at(30) } };
    const { data } = await script(room, other).ask(PAGE, variables);
    expect(data.organization.events.edges).toEqual([]);
  });

  test('of an app and of an agent holds what is theirs', async () => {
    const document = `query E($app: ID!, $agent: ID!, $other: ID!) {
      app(id: $app) { events(filter: { status: [FAILED] }) { edges { node { eventId } } } }
      agent(id: $agent) { events(first: 100) { edges { node { eventId } } } }
      other: app(id: $other) { events { edges { node { eventId } } } } }`;
    const other = await room.seed.app();
    const variables = { app: app.globalId, agent: agent.globalId, other: other.globalId };
    const { data } = await script(room).ask(document, variables);
    expect(data.app.events.edges).toEqual([{ node: { eventId: ids[3] } }]);
    expect(data.agent.events.edges).toHaveLength(7);
    expect(data.other.events.edges).toEqual([]);
  });
});

describe('what cannot be a page is refused by name', () => {
  test.each([
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ first: 1_000_000 }, 'first'],
    [{ last: 101 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ after: 'forged' }, 'after'],
    [{ before: Buffer.from('evt_0mjzzzzzz0000001').toString('base64url') }, 'before'],
    [{ filter: { threadId: 'a\u0000b' } }, 'threadId'],
    [{ filter: { threadId: 'x'.repeat(513) } }, 'threadId'],
    [{ filter: { text: 'x'.repeat(201) } }, 'text'],
    [{ filter: { text: 'a\u0000b' } }, 'text'],
  ])('%j', async (variables, field) => {
    const { errors } = await page(variables);
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION', fields: [{ field }] } }]);
  });

  test('the cursor of another organisation', async () => {
    const other = await otherOrganization(room);
    const { endCursor } = await page({ first: 1 });
    const { errors } = await script(room, other).ask(PAGE, { slug: other.slug, after: endCursor });
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION', fields: [{ field: 'after' }] } }]);
  });

  test.each(['2026-04-07', 'yesterday', '2026-13-01T00:00:00Z'])('%s is no time', async (from) => {
    expect((await page({ filter: { from } })).errors[0]!.message).toContain('DateTime');
  });
});

describe('an event', () => {
  const payload = '{ "n": 12345678901234567890,\t"a":1,"a":2, "e":"\\u0000\\ud800", "f":1e400 }';
  const DETAIL = `query E($id: ID!) { event(id: $id) { id eventId status origin threadId sessionKey agentId payload
    payloadBytes reply replyMetadata latencyMs attempts error { code message retryable } app { appId }
    agent { agentId } timeline { kind attempt connectionId detail } resendOf { eventId } handedOverAt } }`;
  const detail = async (id: string) => (await script(room).ask(DETAIL, { id })).data.event;

  test('shows payload and reply as they were sent, character for character', async () => {
    const id = await record({ minute: 20, payload, reply: '"a \\ud83c\\udf0d <script>"' });
    expect(await detail(id)).toMatchObject({
      payload,
      payloadBytes: Buffer.byteLength(payload),
      reply: '"a \\ud83c\\udf0d <script>"',
      sessionKey: `relay:${agent.slug}:${app.slug}:thread`,
      app: { appId: app.slug },
      agent: { agentId: agent.slug },
      latencyMs: 12,
      error: null,
    });
  });

  test('is found by its plain and by its global id', async () => {
    expect((await detail(ids[0]!)).eventId).toBe(ids[0]);
    expect((await detail(globalId('Event', ids[0]!))).eventId).toBe(ids[0]);
  });

  test('says why it failed', async () => {
    expect((await detail(ids[3]!)).error).toEqual({
      code: 'AGENT_TIMEOUT',
      message: 'AGENT_TIMEOUT',
      retryable: true,
    });
  });

  test('has every step in its timeline, in order', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    await pair.to.find('event');
    await pair.to.kill();
    const again = await room.connect(pair.agent);
    await again.find('event', { attempt: 2 });
    again.send({ type: 'token', event_id, token: 'a' });
    again.send({ type: 'reply', event_id, content: 'ab' });
    await pair.from.find('reply');
    await pair.from.settled();
    const { timeline, status } = await detail(event_id);
    expect(status).toBe('DELIVERED');
    const kinds = timeline.map((step: { kind: string }) => step.kind);
    expect(kinds.slice(0, 3)).toEqual(['ACCEPTED', 'DISPATCHED', 'CONNECTION_LOST']);
    expect(kinds).toContain('REPLIED');
    expect(timeline[1]).toMatchObject({ attempt: 1, connectionId: expect.stringMatching(/^con_/) });
    expect(timeline.filter((step: { kind: string }) => step.kind === 'DISPATCHED')).toHaveLength(2);
  });
});

test('charts count what ended, where it ended', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask();
  pair.to.send({ type: 'reply', event_id, content: 'yes' });
  await pair.from.find('reply');
  pair.from.send({ type: 'event', agent_id: 'nobody', thread_id: 't', payload: {} });
  await pair.from.find('error');
  const document = `query S($o: ID!, $app: ID!, $other: ID!) { node(id: $o) { ... on Organization {
      all: stats(range: HOUR) { delivered failed rejected successRate p50Ms points { at delivered } from to }
      none: stats(range: DAY, appId: $other) { delivered successRate p50Ms } } }
    app(id: $app) { stats(range: MONTH) { delivered rejected points { at } } } }`;
  const variables = { o: organizationId(room.seed), app: pair.app.globalId, other: app.globalId };
  const counted = async () => (await script(room).ask(document, variables)).data;
  // Rollups are written behind the outcome, so the first reading may come before them.
  await expect.poll(async () => (await counted()).node.all.rejected, { timeout: 10_000 }).toBe(1);
  const { node, app: own } = await counted();
  expect(node.all).toMatchObject({ delivered: 1, failed: 0, rejected: 1, successRate: 1 });
  expect(node.all.p50Ms).toBeGreaterThan(0);
  expect(node.all.points).toHaveLength(60);
  expect(node.all.points.at(-1).delivered + node.all.points.at(-2).delivered).toBe(1);
  expect(node.none).toEqual({ delivered: 0, successRate: null, p50Ms: null });
  expect(own.stats).toMatchObject({ delivered: 1, rejected: 1 });
  expect(own.stats.points).toHaveLength(90);
});
