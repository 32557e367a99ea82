import { setTimeout as pause } from 'node:timers/promises';
import { openRaw } from '../fanout/rawSocket.ts';
import { connect } from '../roundtrip/wsWire.ts';

interface StormOptions {
  url: string;
  tokens: string[];
  /** Of an app and an agent that exchange events all the while; null: the server cannot. */
  probe: { appToken: string; agentToken: string; agentId: string; app: string; agent: string } | null;
}

export interface StormReport {
  /** From the first socket lost until the last is back, milliseconds. */
  allBackMs: number;
  /** From the first socket that is back until the last, milliseconds. */
  stormMs: number;
  /** Upgrades refused by a server that was there. */
  refused: number;
  /** Round trips of events sent while sockets were coming back, milliseconds. */
  events: number[];
}

const RETRY_MS = 50;
const PROBES_MS = 5;

/** Holds a socket for each token, and brings every one back at once when it is lost. */
async function storm({ url, tokens, probe }: StormOptions): Promise<StormReport> {
  const times = { lost: 0, first: 0 };
  const report: StormReport = { allBackMs: 0, stormMs: 0, refused: 0, events: [] };
  let missing = tokens.length;
  const { promise: over, resolve: finish } = Promise.withResolvers<void>();
  const back = () => {
    times.first ||= performance.now();
    missing -= 1;
    if (missing > 0) return;
    report.allBackMs = performance.now() - times.lost;
    report.stormMs = performance.now() - times.first;
    finish();
  };
  const open = (token: string) => openRaw(url, { Authorization: `Bearer ${token}` });
  async function insist(token: string): Promise<void> {
    for (;;) {
      try {
        return void (await open(token));
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('HTTP/1.1')) report.refused += 1;
        await pause(RETRY_MS);
      }
    }
  }
  const waiting = [...tokens];
  const enter = async () => {
    for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) {
      const mine = token;
      const socket = await open(mine);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        times.lost ||= performance.now();
        void insist(mine).then(back);
      });
    }
  };
  await Promise.all(Array.from({ length: 50 }, enter));
  // One agent waits from before the storm for the server to go.
  const watch = probe && (await connect(probe.agent, probe.agentToken));
  const gone = watch && new Promise((resolve) => watch.once('close', resolve));
  const probing =
    probe && gone?.then(() => exchange(probe, report.events, () => times.lost > 0 && missing === 0));
  console.log('ready');
  await over;
  await probing;
  return report;
}

type Probe = NonNullable<StormOptions['probe']>;

/** Sends an event every few milliseconds, however long the last one takes, from when the server is there again. */
async function exchange(probe: Probe, times: number[], over: () => boolean): Promise<void> {
  const insist = async (url: string, token: string) => {
    for (;;) {
      const socket = await connect(url, token).catch(() => pause(PROBES_MS));
      if (socket) return socket;
    }
  };
  const [agent, app] = await Promise.all([
    insist(probe.agent, probe.agentToken),
    insist(probe.app, probe.appToken),
  ]);
  agent.on('message', (data: Buffer) => {
    const { type, event_id } = JSON.parse(data.toString()) as { type: string; event_id: string };
    if (type === 'event') agent.send(JSON.stringify({ type: 'reply', event_id, content: 'fine' }));
  });
  const sent = new Map<number, number>();
  const { promise: allBack, resolve } = Promise.withResolvers<void>();
  let ending = false;
  app.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(data.toString()) as { type: string; payload: { number: number } };
    const since = type === 'reply' ? sent.get(payload.number) : undefined;
    if (since === undefined) return;
    times.push(performance.now() - since);
    sent.delete(payload.number);
    if (ending && sent.size === 0) resolve();
  });
  for (let number = 0; !over(); number += 1) {
    sent.set(number, performance.now());
    const event = {
      type: 'event',
      agent_id: probe.agentId,
      thread_id: `storm-${number}`,
      payload: { number },
    };
    app.send(JSON.stringify(event));
    await pause(PROBES_MS);
  }
  ending = true;
  if (sent.size > 0) await allBack;
}

process.stdin.setEncoding('utf8');
let asked = '';
for await (const chunk of process.stdin) asked += String(chunk);
console.log(JSON.stringify(await storm(JSON.parse(asked) as StormOptions)));
process.exit(0);
