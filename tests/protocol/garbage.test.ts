import { expect, it } from 'vitest';
import type { Client } from '../harness/client.ts';
import { useRelay } from '../harness/room.ts';

const room = useRelay();
const SEED = 20_261_123;

it('truncated, doubled and garbled frames hurt only the socket they came from', async () => {
  const { app, agent, to, from, ask } = await room.pair();
  const garbler = new Garbler(SEED);
  for (let round = 0; round < 30; round += 1) {
    const kind = round % 2 === 0 ? 'app' : 'agent';
    const victim = await room.connect(kind === 'app' ? app : agent);
    const valid = kind === 'app' ? appFrames(agent.slug) : agentFrames();
    for (let n = 0; n < 19; n += 1) send(victim, garbler.garble(valid[n % valid.length]!), n);
    // It is answered, or closed by a code of the protocol; never left hanging.
    const end = await Promise.race([victim.closed, victim.settled().then(() => null)]);
    if (end) expect([1007, 1009, 4400]).toContain(end.code);
    await victim.kill();
  }
  const { event_id } = await ask({ thread_id: 'afterwards' });
  await to.find('event', { event_id });
  to.send({ type: 'reply', event_id, content: 'well' });
  expect((await from.find('reply', { event_id })).body.reply).toBe('well');
});

function send(client: Client, bytes: Buffer, n: number): void {
  if (n % 7 === 6) client.send(bytes);
  else client.sendText(bytes);
}

function appFrames(agent: string): string[] {
  return [
    `{"type":"event","agent_id":"${agent}","thread_id":"garbage","payload":{"a":[1,2,{"b":"\\u0000"}]},"idempotency_key":"k"}`,
    '{"type":"discover"}',
    '{"type":"ack","event_id":"evt_0000000000000000"}',
  ];
}

function agentFrames(): string[] {
  return [
    '{"type":"token","event_id":"evt_0000000000000000","token":"x","attempt":1}',
    '{"type":"reply","event_id":"evt_0000000000000000","content":"x","metadata":{"tokens_used":1}}',
    '{"type":"error","event_id":"evt_0000000000000000","error":"x","code":"C"}',
  ];
}

/** Spoils frames in a way that is the same in every run. */
class Garbler {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  garble(frame: string): Buffer {
    const bytes = Buffer.from(frame);
    const at = this.#below(bytes.length);
    switch (this.#below(5)) {
      case 0:
        return bytes.subarray(0, at);
      case 1:
        return Buffer.concat([bytes, bytes.subarray(at)]);
      case 2:
        return Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from('"\\{}[],:'.charAt(this.#below(8))),
          bytes.subarray(at),
        ]);
      case 3:
        bytes[at] = this.#below(128);
        return bytes;
      default:
        return Buffer.concat([bytes.subarray(at), bytes.subarray(0, at)]);
    }
  }

  /** A linear congruential generator: good enough to vary, and repeatable. */
  #below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}
