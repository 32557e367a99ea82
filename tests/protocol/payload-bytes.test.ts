import { describe, expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

/** Raw JSON objects that a parse and a print would change, or that a database's json type would. */
const SACRED: [string, string][] = [
  [
    'numbers beyond a double',
    '{"id":12345678901234567890,"price":1.10,"tiny":1e-400,"huge":1e400,"neg":-0,"e":1E+2}',
  ],
  ['key order and numeric keys', '{"b":1,"a":2,"10":3,"9":4}'],
  ['keys doubled inside', '{"a":1,"a":2,"o":{"x":1,"x":{"x":1,"x":2}}}'],
  ['escapes', '{"\\u0061":"\\/\\u002f\\n\\t\\"\\\\ \\u00e9 é \\ud83d\\ude00 😀"}'],
  ['inner white space', '{ "a" :\t[ 1 ,\n 2 ]\r\n}'],
  ['lone surrogates as escapes', '{"lone":"\\ud800","\\udfff":"x","pair":"\\ud83d\\ude00"}'],
  ['NUL as an escape', '{"nul":"a\\u0000b","\\u0000":"\\u0000"}'],
  [
    'names of the prototype',
    '{"__proto__":{"admin":true},"constructor":{"prototype":{}},"hasOwnProperty":1}',
  ],
  [
    'names of the frame',
    '{"type":"reply","payload":{"payload":{}},"agent_id":"x","event_id":null,"thread_id":1}',
  ],
  ['depth of 10,000', `{"d":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ['separators of lines in JavaScript', '{"ls":"\u2028\u2029\u007f"}'],
  ['emptiness', '{}'],
  ['braces and quotes within strings', '{"a":"}{\\"][","b":"\\\\"}'],
  ['SQL and HTML', `{"a":"'; drop table event; -- <script>alert(1)</script> %_\\\\"}`],
];

describe.each(SACRED)('a payload with %s', (_, payload) => {
  it('reaches the agent, the history and the echo byte for byte', async () => {
    const { agent, from, to } = await room.pair();
    from.send(`{"type":"event","agent_id":"${agent.slug}","thread_id":"t","payload": ${payload} }`);
    const { event_id } = (await from.next('accepted')).body;
    expect((await to.next('event')).text).toContain(`"payload":${payload}`);
    expect((await room.stored(event_id))['payload']).toBe(payload);
    to.send({ type: 'reply', event_id, content: 'x' });
    expect((await from.next('reply')).text).toContain(`"payload":${payload}`);
  });

  it('comes unchanged again after the agent was lost', async () => {
    const { agent, from, to } = await room.pair();
    from.send(`{"payload":${payload},"thread_id":"t","agent_id":"${agent.slug}","type":"event"}`);
    await to.next('event');
    await to.kill();
    const again = await room.connect(agent);
    expect((await again.next('event')).text).toContain(`"payload":${payload}`);
  });
});

const CONTENTS: [string, string][] = [
  ['escapes', '"\\u0061\\/\\n\\"\\\\"'],
  ['a lone surrogate', '"half \\ud83d"'],
  ['NUL', '"a\\u0000b"'],
  ['emoji and line separators', '"😀\u2028"'],
];

describe.each(CONTENTS)('an answer with %s', (_, content) => {
  it('reaches the app and the history byte for byte, tokens included', async () => {
    const { from, to, ask } = await room.pair();
    const { event_id } = await ask();
    await to.next('event');
    to.send(`{"type":"token","event_id":"${event_id}","token":${content}}`);
    expect((await from.next('token')).body.token).toBe(JSON.parse(content));
    to.send(`{"type":"reply","event_id":"${event_id}","content": ${content} }`);
    expect((await from.next('reply')).text).toContain(`"reply":${content}`);
    expect((await room.stored(event_id))['reply_content']).toBe(content);
  });
});

it('tokens that split a surrogate pair join to the character', async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  to.send(`{"type":"token","event_id":"${event_id}","token":"\\ud83d"}`);
  to.send(`{"type":"token","event_id":"${event_id}","token":"\\ude00"}`);
  to.send({ type: 'reply', event_id, content: '😀' });
  await from.find('reply');
  const tokens = from.frames.filter((frame) => frame.body.type === 'token');
  expect(tokens.map((frame) => frame.body.token).join('')).toBe('😀');
});

it("metadata's numbers and extra fields are kept as they were sent", async () => {
  const { from, to, ask } = await room.pair();
  const { event_id } = await ask();
  await to.next('event');
  const metadata = '{"tokens_used":12345678901234567890,"latency_ms":1.10,"model":"\\u006d","other":[1e400]}';
  to.send(`{"type":"reply","event_id":"${event_id}","content":"x","metadata":${metadata}}`);
  const { text } = await from.next('reply');
  expect(text).toContain('"tokens_used":12345678901234567890');
  expect(text).toContain('"latency_ms":1.10');
  expect((await room.stored(event_id))['reply_metadata']).toBe(metadata);
});
