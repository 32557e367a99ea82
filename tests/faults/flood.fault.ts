import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { Seed } from '../harness/seed.ts';
import { QUICK, fault, passed, percentile, until } from './fault.ts';
import type { Flood, Flooded } from './flooder.ts';
import { clean } from './ledger.ts';
import { medianRatio, steadily } from './load.ts';
import { useSite } from './site.ts';

const FLOODER = fileURLToPath(new URL('flooder.ts', import.meta.url));
const APPS = 2;
const SOCKETS_PER_APP = 4;
/** How often a stretch with the flood is compared with one without: less than a minute in all. */
const PAIRS = QUICK ? 3 : 7;
const STRETCH_MS = QUICK ? 2_000 : 4_000;
/** Events a second of the others, within the limit that is everybody's. */
const RATE = 80;

// The limits that Relay has where nobody changes them: they are what stands between a flood and the others.
const site = useSite({ RELAY_EVENTS_PER_MINUTE: '6000', RELAY_IN_FLIGHT: '1000' });

/** Another organisation in a process of its own, which takes only what processor time the machine has left. */
async function flooder(): Promise<ChildProcess> {
  const seed = await Seed.create((text, values) => site.sql(text, values));
  const apps = await Promise.all(Array.from({ length: APPS }, () => seed.app()));
  const { slug, token } = await seed.agent();
  const appTokens = apps.map((app) => app.token);
  const flood: Flood = {
    wsUrl: site.wsUrl(),
    agent: { slug, token },
    appTokens,
    socketsPerApp: SOCKETS_PER_APP,
  };
  const child = fork(FLOODER, {
    env: { PATH: process.env['PATH'], FLOOD: JSON.stringify(flood) },
    execArgv: [],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  await told(child);
  return child;
}

/** What it says next; fails when it ends instead. */
async function told(child: ChildProcess): Promise<Flooded> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The flooder ended with ${String(code)}.`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [Flooded];
  return message;
}

fault('S28', 'an organisation that floods: the others hardly notice', async (figures) => {
  const [owner, answerer] = [await site.seed.app(), await site.seed.agent()];
  site.agent(answerer);
  const app = site.app(owner);
  const child = await flooder();
  try {
    await until('the calm app to be connected', () => app.connected);
    await steadily(app, answerer, RATE, passed(STRETCH_MS / 2));
    const [calm, beside]: [number[], number[]] = [[], []];
    const floods: Flooded[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      calm.push(percentile(await steadily(app, answerer, RATE, passed(STRETCH_MS)), 0.99));
      child.send('flood');
      beside.push(percentile(await steadily(app, answerer, RATE, passed(STRETCH_MS)), 0.99));
      child.send('rest');
      floods.push(await told(child));
      await until('the flood to be over', async () => (await site.count(`status = 'pending'`)) === 0);
    }
    const list = (values: number[]) => values.map((value) => value.toFixed(0)).join(' ');
    const ratio = medianRatio(beside, calm);
    figures['runs'] = PAIRS;
    const sum = (of: (flood: Flooded) => number) => floods.reduce((all, flood) => all + of(flood), 0);
    const [sent, accepted, refused] = [sum((f) => f.sent), sum((f) => f.accepted), sum((f) => f.refused)];
    figures['flood'] = `${Math.round((sent * 1_000) / (PAIRS * STRETCH_MS))} frames/s`;
    figures['accepted of it'] = accepted;
    figures['refused of it'] = refused;
    figures['sockets closed'] = JSON.stringify(floods.map(({ closed }) => closed));
    figures['p99 of others'] = `${list(calm)} → ${list(beside)} ms`;
    figures['median ratio'] = ratio.toFixed(2);
    // Far more than is accepted was sent, or nothing was tried.
    expect(refused).toBeGreaterThan(accepted);
    expect(ratio).toBeLessThan(2);
    await clean(site, figures);
  } finally {
    child.kill('SIGKILL');
  }
});
