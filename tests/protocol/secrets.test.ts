import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { closeClients, connect, refused } from '../harness/client.ts';
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

it('no token reaches the log at its most talkative, the metrics, an error page or a refusal', async () => {
  const [app, agent] = [await seed.app(), await seed.agent()];
  const wrong = mintToken('app', app.slug).token;
  const door = `${relay.wsUrl}/v1/ws/app`;
  const shown: string[] = [];
  for (const inQuery of [true, false]) {
    const from = await connect(door, { token: app.token, inQuery });
    const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token, inQuery });
    from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
    const { event_id } = (await from.find('accepted')).body;
    await to.find('event');
    to.send('nonsense');
    to.send({ type: 'reply', event_id, content: 'x' });
    await from.find('reply');
    await Promise.all([from.close(), to.close()]);
    for (const token of [wrong, app.token.slice(0, -1), agent.token]) {
      shown.push((await refused(door, { token, inQuery })).text);
    }
  }
  for (const path of ['/metrics', `/nowhere?token=${app.token}`, `/v1/ws/app?token=${app.token}`]) {
    const response = await fetch(relay.url + path);
    shown.push(await response.text(), JSON.stringify([...response.headers]));
  }
  const visible = logged + shown.join('\n');
  for (const token of [app.token, agent.token, wrong, seed.key.token]) {
    expect(visible).not.toContain(token);
    // Not the secret part alone either, in whatever form the rest may have been cut away.
    expect(visible).not.toContain(token.slice(-45, -7));
  }
});

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
