import { expect, it } from 'vitest';
import type { Client } from '../harness/client.ts';
import { ask, eventFrame, useRelay } from '../harness/room.ts';
import type { Owner } from '../harness/seed.ts';

const room = useRelay();

const allow = (agent: Owner, app: Owner) =>
  room.mutate('allowApp', { agentId: agent.globalId, appId: app.globalId }, 'agent { id }');
const disallow = (agent: Owner, app: Owner) =>
  room.mutate('disallowApp', { agentId: agent.globalId, appId: app.globalId }, 'agent { id }');

it('an empty list lets every app of the organisation through', async () => {
  const { ask: askFirst, agent } = await room.pair();
  await askFirst();
  await ask(await room.connect(await room.seed.app()), agent);
});

it('the first entry restricts, a second one lets another app in, and removing the last opens to all; each at once', async () => {
  const agent = await room.seed.agent();
  const [listed, other] = [await room.seed.app(), await room.seed.app()];
  const [fromListed, fromOther] = [await room.connect(listed), await room.connect(other)];
  await ask(fromListed, agent);
  await ask(fromOther, agent);

  await allow(agent, listed);
  await ask(fromListed, agent);
  await notAllowed(fromOther, agent);

  await allow(agent, other);
  await ask(fromOther, agent);

  await disallow(agent, other);
  await notAllowed(fromOther, agent);

  await disallow(agent, listed);
  await ask(fromOther, agent);
  await ask(fromListed, agent);
});

it('the list is checked when an event is accepted: what was accepted before is delivered', async () => {
  const { agent, from, to, ask: askHere } = await room.pair();
  await askHere({ payload: { n: 1 } });
  await askHere({ payload: { n: 2 } });
  await allow(agent, await room.seed.app());
  await notAllowed(from, agent);
  for (const n of [1, 2]) {
    const { body } = await to.next('event');
    expect(body.payload).toEqual({ n });
    to.send({ type: 'reply', event_id: body.event_id, content: 'x' });
    await from.next('reply');
  }
});

it('a list of one agent says nothing about another', async () => {
  const { from, agent } = await room.pair();
  const other = await room.seed.agent();
  await allow(agent, await room.seed.app());
  await notAllowed(from, agent);
  await ask(from, other);
});

it('discover follows the list', async () => {
  const { app, agent, from } = await room.pair();
  const reaches = async () => {
    from.send({ type: 'discover' });
    const { agents } = (await from.next('agents')).body;
    return agents.some((entry: { agent_id: string }) => entry.agent_id === agent.slug);
  };
  expect(await reaches()).toBe(true);
  const other = await room.seed.app();
  await allow(agent, other);
  expect(await reaches()).toBe(false);
  await allow(agent, app);
  expect(await reaches()).toBe(true);
});

async function notAllowed(from: Client, agent: Owner): Promise<void> {
  from.send(eventFrame(agent));
  const { body } = await from.next('error');
  expect(body).toMatchObject({ agent_id: agent.slug, code: 'NOT_ALLOWED', retryable: false });
  expect(await room.stored(body.event_id)).toMatchObject({ status: 'rejected', error_code: 'NOT_ALLOWED' });
}
