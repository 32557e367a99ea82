import { describe, expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it('an empty token means "still working": it keeps the event alive and is not passed on', async () => {
  const { from, to, ask } = await room.pair({ timeoutSeconds: 10 });
  const { event_id } = await ask();
  await to.next('event');
  for (let n = 0; n < 4; n += 1) {
    to.send({ type: 'token', event_id, token: '' });
    await to.settled();
    room.clock.advance(8_000);
  }
  to.send({ type: 'reply', event_id, content: 'x' });
  await from.next('reply');
});

it('reads the older spellings of a reply', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id, final_reply: 'old', tokens_used: 7, done: true });
  expect((await from.next('reply')).body).toMatchObject({ reply: 'old', metadata: { tokens_used: 7 } });
});

it('takes a reply of 1 MiB, and fails the event with AGENT_ERROR on a larger one', async () => {
  const { from, to, ask } = await room.pair();
  const fits = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id: fits.event_id, content: 'x'.repeat(1_048_576) });
  expect((await from.next('reply')).body.reply).toHaveLength(1_048_576);
  const large = await ask();
  await to.next('event');
  to.send({ type: 'reply', event_id: large.event_id, content: 'x'.repeat(1_048_577) });
  expect((await from.next('error')).body).toMatchObject({ event_id: large.event_id, code: 'AGENT_ERROR' });
  await to.settled();
});

it('tokens of a connection that does not hold the attempt are dropped', async () => {
  const { agent, from, to, ask } = await room.pair();
  const other = await room.connect(agent);
  const { event_id } = await ask();
  const [holder, bystander] = await Promise.race([
    to.find('event').then(() => [to, other] as const),
    other.find('event').then(() => [other, to] as const),
  ]);
  bystander.send({ type: 'token', event_id, token: 'intruder' });
  await bystander.settled();
  holder.send({ type: 'token', event_id, token: 'mine' });
  holder.send({ type: 'reply', event_id, content: 'mine' });
  await from.find('reply');
  const tokens = from.frames.filter((frame) => frame.body.type === 'token');
  expect(tokens.map((frame) => frame.body.token)).toEqual(['mine']);
});

it('tokens that name an earlier attempt are dropped', async () => {
  const { agent, from, to, ask } = await room.pair({}, { app: { protocols: ['relay.v1'] } });
  const { event_id } = await ask();
  await to.next('event');
  await to.kill();
  const again = await room.connect(agent);
  await again.next('event');
  again.send({ type: 'token', event_id, token: 'old', attempt: 1 });
  again.send({ type: 'token', event_id, token: 'new', attempt: 2 });
  again.send({ type: 'reply', event_id, content: 'new', attempt: 2 });
  await from.find('reply');
  const tokens = from.frames.filter((frame) => frame.body.type === 'token');
  expect(tokens.map((frame) => frame.body.token)).toEqual(['new']);
});

it('tokens_used at the top level completes metadata that lacks it, and yields to metadata that has it', async () => {
  const { from, to, ask } = await room.pair();
  const metadataFor = async (fields: Record<string, unknown>) => {
    const { event_id } = await ask();
    await to.find('event', { event_id });
    to.send({ type: 'reply', event_id, content: '', ...fields });
    return (await from.find('reply', { event_id })).body.metadata;
  };
  expect(await metadataFor({ tokens_used: 7, metadata: { model: 'm' } })).toMatchObject({
    tokens_used: 7,
    model: 'm',
  });
  expect(await metadataFor({ tokens_used: 7, metadata: {} })).toMatchObject({ tokens_used: 7 });
  expect(await metadataFor({ tokens_used: 7, metadata: { tokens_used: 8 } })).toMatchObject({
    tokens_used: 8,
  });
});

it("an outcome is taken from any of the agent's connections; the first wins, the second is shown as a duplicate", async () => {
  const { agent, from, to, ask } = await room.pair({}, { agent: { protocols: ['relay.v1'] } });
  const other = await room.connect(agent, { protocols: ['relay.v1'] });
  const { event_id } = await ask();
  await Promise.race([to.find('event'), other.find('event')]);
  other.send({ type: 'reply', event_id, content: 'first' });
  expect((await other.find('recorded')).body.status).toBe('delivered');
  to.send({ type: 'reply', event_id, content: 'second' });
  expect((await to.find('recorded')).body.status).toBe('duplicate');
  expect((await from.next('reply')).body.reply).toBe('first');
  expect((await room.stored(event_id))['reply_content']).toBe('"first"');
  await expect.poll(() => steps(event_id)).toContain('duplicate_outcome');
  await from.settled();
  expect(from.frames.filter((frame) => frame.body.type === 'reply')).toHaveLength(1);
});

it("a frame about another agent's event, or about none, changes nothing", async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  const stranger = await room.connect(await room.seed.agent());
  for (const id of [event_id, 'evt_0000000000000000', 'nonsense']) {
    stranger.send({ type: 'token', event_id: id, token: 'intruder' });
    stranger.send({ type: 'reply', event_id: id, content: 'intruder' });
    stranger.send({ type: 'error', event_id: id, error: 'intruder' });
  }
  await stranger.settled();
  expect((await room.stored(event_id))['status']).toBe('pending');
  to.send({ type: 'reply', event_id, content: 'mine' });
  expect((await from.next('reply')).body.reply).toBe('mine');
});

it('ping is answered by pong', async () => {
  const agent = await room.connect(await room.seed.agent());
  agent.send({ type: 'ping' });
  expect((await agent.next('pong')).body).toEqual({ type: 'pong' });
});

describe('a malformed frame of an agent', () => {
  const id = 'evt_0000000000000000';
  it.each([
    'nonsense',
    '[]',
    '{"type":"event"}',
    '{"type":"token","token":"x"}',
    `{"type":"token","event_id":"${id}"}`,
    `{"type":"token","event_id":"${id}","token":7}`,
    `{"type":"reply","event_id":"${id}"}`,
    `{"type":"reply","event_id":"${id}","content":{}}`,
    `{"type":"reply","event_id":"${id}","content":"x","metadata":[]}`,
    `{"type":"reply","event_id":"${id}","content":"x","attempt":"1"}`,
    `{"type":"reply","event_id":"${id}","content":"x","content":"y"}`,
    `{"type":"error","event_id":"${id}"}`,
    `{"type":"error","event_id":"${id}","error":"a\\u0000b"}`,
    `{"type":"error","event_id":"${id}","error":"x","code":"a\\ud800"}`,
  ])('such as %s is INVALID_MESSAGE, and the connection stays open', async (text) => {
    const agent = await room.connect(await room.seed.agent());
    agent.send(text);
    expect((await agent.next('error')).body).toMatchObject({ code: 'INVALID_MESSAGE', retryable: false });
    await agent.settled();
  });
});

async function steps(event_id: string): Promise<unknown[]> {
  const rows = await room.relay.sql('select kind from event_step where event_id = $1 order by id', [
    event_id,
  ]);
  return rows.map((row) => row['kind']);
}
