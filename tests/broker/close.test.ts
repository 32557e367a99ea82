import { expect, it } from 'vitest';
import { databaseAway, databaseBack, lockedTable } from '../harness/outage.ts';
import { createTestDatabase } from '../harness/postgres.ts';
import { connect } from '../harness/client.ts';
import { Seed } from '../harness/seed.ts';
import { startTestRelay } from '../harness/server.ts';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it('closing does not wait for ever for a database that is away, and what had no outcome yet is offered again', async () => {
  const database = await createTestDatabase();
  const relay = await startTestRelay({ databaseUrl: database.url });
  const seed = await Seed.create((text, values) => relay.sql(text, values));
  const [app, agent] = await Promise.all([seed.app(), seed.agent()]);
  const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token });
  const from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  from.send({ type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} });
  const { event_id } = (await to.next('event')).body;
  await databaseAway(database.url);
  to.send({ type: 'reply', event_id, content: 'nobody can record this now' });
  await to.settled();
  await relay.close();
  await databaseBack(database.url);

  const next = await startTestRelay({ databaseUrl: database.url });
  const again = await connect(`${next.wsUrl}/v1/ws/agent`, { token: agent.token });
  expect((await again.next('event')).body.event_id).toBe(event_id);
  await next.close();
  await database.drop();
});

it('a drain leaves nothing unanswered that was sent before it', async () => {
  const relay = await startTestRelay();
  const seed = await Seed.create((text, values) => relay.sql(text, values));
  const [app, agent, absent] = await Promise.all([seed.app(), seed.agent(), seed.agent()]);
  const to = await connect(`${relay.wsUrl}/v1/ws/agent`, { token: agent.token, protocols: ['relay.v1'] });
  const from = await connect(`${relay.wsUrl}/v1/ws/app`, { token: app.token });
  const event = { type: 'event', agent_id: agent.slug, thread_id: 't', payload: {} };
  from.send(event);
  const { event_id } = (await to.find('event')).body;
  to.send({ type: 'reply', event_id, content: 'x' });
  await to.find('recorded', { status: 'delivered' });
  await from.find('reply');

  const { drained } = await lockedTable(relay.databaseUrl, 'event', async () => {
    for (let n = 0; n < 20; n += 1) {
      from.send({ ...event, agent_id: absent.slug });
      to.send({ type: 'reply', event_id, content: 'again' });
    }
    await Promise.all([from.settled(), to.settled()]);
    return { drained: relay.relay.drain() };
  });
  await drained;
  await relay.close();
  await Promise.all([from.closed, to.closed]);
  expect(from.frames.filter(({ body }) => body.type === 'accepted')).toHaveLength(1 + 20);
  expect(to.frames.filter(({ body }) => body.status === 'duplicate')).toHaveLength(20);
});

it('an agent that repeats its answer again and again does not fill the timeline', async () => {
  const { from, to, ask } = await room.pair({}, { agent: { protocols: ['relay.v1'] } });
  const { event_id } = await ask();
  await to.find('event');
  for (let n = 0; n < 30; n += 1) to.send({ type: 'reply', event_id, content: `answer ${n}` });
  expect((await from.next('reply')).body.reply).toBe('answer 0');
  for (let n = 1; n < 30; n += 1) await to.find('recorded', { status: 'duplicate' });
  const steps = async () =>
    (await room.relay.sql('select id from event_step where event_id = $1', [event_id])).length;
  await expect.poll(steps).toBe(5);
});

it('an answer that comes again while the first is being committed is a duplicate, not somebody else’s', async () => {
  const { to, ask } = await room.pair({}, { agent: { protocols: ['relay.v1'] } });
  const repeats = 10;
  const events = 20;
  for (let n = 0; n < events; n += 1) {
    const { event_id } = await ask();
    await to.find('event', { event_id });
    for (let m = 0; m <= repeats; m += 1) to.send({ type: 'reply', event_id, content: `answer ${m}` });
    await to.find('recorded', { event_id, status: 'delivered' });
  }
  const told = () => to.frames.filter(({ body }) => body.status === 'duplicate').length;
  await expect.poll(told).toBe(events * repeats);
});
