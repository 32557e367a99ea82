import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { closeClients, connect } from '../harness/client.ts';
import { Seed } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';
import type { TestRelay } from '../harness/server.ts';

let relay: TestRelay;
let seed: Seed;
let logged = '';

beforeAll(async () => {
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      logged += chunk.toString();
      done();
    },
  });
  relay = await startTestRelay({ log: pino({ level: 'trace' }, sink) });
});

beforeEach(async () => {
  seed = await Seed.create((text, values) => relay.sql(text, values));
});

afterEach(closeClients);
afterAll(() => relay.close());

it("an app's events, answers and errors stay out of the log", async () => {
  const [app, agent] = [await seed.app(), await seed.agent()];
  const from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token });
  from.send({
    type: 'event',
    agent_id: agent.slug,
    thread_id: 't',
    payload: { diagnosis: 'confidential-1' },
  });
  const { event_id } = (await from.find('accepted')).body;
  await to.find('event');
  to.send({ type: 'token', event_id, token: 'confidential-2' });
  to.send({ type: 'error', event_id, error: 'confidential-3' });
  await from.find('error');
  expect(logged).not.toMatch(/confidential/);
});
