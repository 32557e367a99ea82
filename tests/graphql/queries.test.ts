import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { useRelay } from '../harness/room.ts';
import { script } from './api.ts';

const room = useRelay();
afterEach(() => void vi.restoreAllMocks());

const DOCUMENT = `query Q($slug: String!) { organization(slug: $slug) {
  attention { kind subject { __typename ... on App { name } ... on Agent { name } } }
  apps { edges { node { activity { successRate ended } organization { name } tokens { state } connection { connected instances { id } } } } }
  agents { edges { node { activity { successRate ended } errors { code } rejections { app { name } }
    restricted pendingCount inFlightCount tokens { state } connection { connected } } } }
  events { edges { node { payload reply app { name } agent { name } timeline { kind } resendOf { eventId } resends { eventId } hasMoreResends } } } } }`;

/** Relay's own housekeeping runs beside the request. */
const HOUSEKEEPING = /\bnode\b|heartbeat|lease|home_|"home|listen|advisory/i;

/** Statements that one request makes; the least of a few, since something else may run beside it. */
async function statements(): Promise<number> {
  const counts: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    const { errors } = await script(room).ask(DOCUMENT, { slug: room.seed.slug });
    expect(errors).toEqual([]);
    const texts = spy.mock.calls.map(([first]) => {
      const query = first as unknown as string | { text?: string };
      return typeof query === 'string' ? query : (query.text ?? '');
    });
    // Presence joins the table of nodes, and is part of the request.
    counts.push(texts.filter((text) => !HOUSEKEEPING.test(text) || text.includes('tokenLookup')).length);
    spy.mockRestore();
  }
  return Math.min(...counts);
}

async function fill(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const [app, agent] = [await room.seed.app(), await room.seed.agent()];
    const input = { agentId: agent.globalId, appId: app.globalId, payload: '{}' };
    const { event } = await script(room).mutate('sendTestEvent', input, 'event { id }');
    await script(room).mutate('resendEvent', { id: event.id });
  }
}

test('a request makes the same number of queries for many rows as for one', async () => {
  await fill(1);
  const few = await statements();
  await fill(11);
  expect(await statements()).toBe(few);
  expect(few).toBeLessThan(35);
});
