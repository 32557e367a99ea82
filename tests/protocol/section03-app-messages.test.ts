import { describe, expect, it } from 'vitest';
import { eventFrame, useRelay } from '../harness/room.ts';

const room = useRelay();

describe('an event', () => {
  it.each([
    ['agent_id', undefined],
    ['agent_id', 7],
    ['agent_id', null],
    ['agent_id', ''],
    ['agent_id', 'nul\0'],
    ['agent_id', 'lone\ud800'],
    ['thread_id', undefined],
    ['thread_id', ''],
    ['thread_id', 'x'.repeat(513)],
    ['thread_id', ['x']],
    ['thread_id', 'nul\0'],
    ['thread_id', 'lone\udc00'],
    ['payload', undefined],
    ['payload', null],
    ['payload', 'text'],
    ['payload', 7],
    ['payload', []],
    ['idempotency_key', ''],
    ['idempotency_key', 'x'.repeat(129)],
    ['idempotency_key', 7],
    ['idempotency_key', 'nul\0'],
    ['idempotency_key', 'lone\ud83d'],
    ['if_offline', 'drop'],
    ['if_offline', true],
    ['traceparent', 7],
    ['traceparent', 'nul\0'],
  ])('with %s = %j is INVALID_MESSAGE naming the field, and is not recorded', async (field, value) => {
    const { app, agent, from } = await room.pair();
    from.send(eventFrame(agent, { [field]: value }));
    const { body } = await from.next('error');
    expect(body).toMatchObject({ event_id: null, code: 'INVALID_MESSAGE', retryable: false });
    expect(body.error).toContain(field);
    expect(await room.relay.sql('select id from event where app_id = $1', [app.id])).toEqual([]);
    await from.settled();
  });

  it.each([
    ['thread_id', 'x'.repeat(512)],
    ['thread_id', '😀'.repeat(512)],
    ['thread_id', 'task:1:2 / ä "quoted"'],
    ['idempotency_key', 'x'.repeat(128)],
    ['if_offline', 'queue'],
    ['if_offline', 'fail'],
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['something_new', { later: true }],
  ])('with %s = %j is accepted', async (field, value) => {
    const { ask, to } = await room.pair();
    const accepted = await ask({ [field]: value });
    const { body } = await to.next('event');
    expect(body.event_id).toBe(accepted.event_id);
    if (field === 'thread_id' || field === 'traceparent') expect(body[field]).toBe(value);
    if (field === 'idempotency_key') expect(accepted[field]).toBe(value);
  });

  it('may carry 65,536 bytes of payload, outer white space not counted, and not one more', async () => {
    const { app, agent, from, to } = await room.pair();
    const payload = (bytes: number) => `{"é":"${'x'.repeat(bytes - 9)}"}`;
    expect(Buffer.byteLength(payload(65_536))).toBe(65_536);
    const frame = (text: string) =>
      `{"type":"event","agent_id":"${agent.slug}","thread_id":"t","payload":${text}}`;
    from.send(frame(`  \n\t ${payload(65_536)}  \r\n `));
    await from.next('accepted');
    expect((await to.next('event')).text).toContain(payload(65_536));

    from.send(frame(payload(65_537)));
    expect((await from.next('error')).body).toMatchObject({
      event_id: null,
      agent_id: agent.slug,
      code: 'PAYLOAD_TOO_LARGE',
      retryable: false,
    });
    expect(await room.relay.sql('select id from event where app_id = $1', [app.id])).toHaveLength(1);
    await from.settled();
  });

  it('with a field given twice at the top level is refused by name, however the key is spelled', async () => {
    const { agent, from } = await room.pair();
    const doubled = [
      ['agent_id', `"agent_id":"${agent.slug}"`],
      ['payload', '"p\\u0061yload":{}'],
      ['thread_id', '"\\u0074hread_id":"other"'],
      ['type', '"type":"event"'],
      ['extra', '"extra":1,"extra":1'],
    ];
    for (const [field, text] of doubled) {
      from.send(`{"type":"event","agent_id":"${agent.slug}","thread_id":"t","payload":{},${text}}`);
      const { body } = await from.next('error');
      expect(body.code).toBe('INVALID_MESSAGE');
      expect(body.error).toContain(field);
    }
  });

  it('that is refused echoes its idempotency key, so that the app can tell which it was', async () => {
    const { agent, from } = await room.pair();
    from.send(eventFrame(agent, { thread_id: 7, idempotency_key: 'order-7' }));
    expect((await from.next('error')).body).toMatchObject({
      agent_id: agent.slug,
      idempotency_key: 'order-7',
    });
  });
});

describe('a frame', () => {
  it.each([
    '',
    'hello',
    '{',
    '[]',
    '"text"',
    'null',
    '7',
    '{}',
    '{"type":null}',
    '{"type":"nonsense"}',
    '{"type":"token"}',
    '{"type":"reply","event_id":"evt_1","content":"x"}',
    '{"type":["event"]}',
    '{"__proto__":{"type":"ping"}}',
    '{"type":"ping"} trailing',
  ])('such as %j is INVALID_MESSAGE, and the connection stays open', async (text) => {
    const { from } = await room.pair();
    from.send(text);
    expect((await from.next('error')).body).toMatchObject({ event_id: null, code: 'INVALID_MESSAGE' });
    await from.settled();
  });

  it('ping is answered by pong', async () => {
    const { from } = await room.pair();
    from.send({ type: 'ping' });
    expect((await from.next('pong')).body).toEqual({ type: 'pong' });
  });

  it('pong is taken in silence', async () => {
    const { from } = await room.pair();
    from.send({ type: 'pong' });
    await from.settled();
    expect(from.frames).toHaveLength(1);
  });

  it('discover lists the agents this app may reach, and who is online', async () => {
    const [offline, closed, gone] = await Promise.all([1, 2, 3].map(() => room.seed.agent()));
    const other = await room.seed.app();
    await room.relay.sql('update agent set deactivated_at = now() where id = $1', [gone!.id]);
    await room.relay.sql('insert into allowlist_entry values ($1, $2, now())', [closed!.id, other.id]);
    const { agent, from } = await room.pair();
    from.send({ type: 'discover' });
    const { agents } = (await from.next('agents')).body;
    const entry = (slug: string) => agents.find((item: { agent_id: string }) => item.agent_id === slug);
    expect(agents).toHaveLength(2);
    expect(entry(agent.slug)).toEqual({
      agent_id: agent.slug,
      name: agent.slug,
      description: 'answers',
      online: true,
    });
    expect(entry(offline!.slug)).toMatchObject({ online: false });
  });
});
