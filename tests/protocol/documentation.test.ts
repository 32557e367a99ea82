import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useRelay } from '../harness/room.ts';

const room = useRelay();
const document = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
// Inside node_modules, so that the programs find `ws` as they would in a project of their own.
const folder = fileURLToPath(
  new URL(`../../node_modules/.cache/relay-docs-${process.pid}/`, import.meta.url),
);

describe('the programs in docs/protocol.md', () => {
  const children: ChildProcess[] = [];

  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    for (const name of ['agent.mjs', 'app.mjs']) writeFileSync(folder + name, program(name));
  });

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('complete an event with streamed tokens, exactly as printed', async () => {
    const [app, agent] = [await room.seed.app(), await room.seed.agent()];
    const base = { RELAY_URL: room.relay.wsUrl, AGENT_ID: agent.slug };
    children.push(run('agent.mjs', { ...base, RELAY_AGENT_TOKEN: agent.token }));
    const asking = run('app.mjs', { ...base, RELAY_APP_TOKEN: app.token });
    children.push(asking);
    const printed = await outputUntil(asking, /greeting: .*\n/);
    const answer = 'You said: {"text":"Hello from an app."}. These words are streamed one by one.';
    expect(printed).toContain(`${answer} \n`);
    expect(printed).toContain(`greeting: ${answer}\n`);
    const rows = await room.relay.sql('select status from event where app_id = $1', [app.id]);
    expect(rows).toEqual([{ status: 'delivered' }]);
  });
});

function program(name: string): string {
  const found = document.split('```js\n').find((part) => part.startsWith(`// ${name}`));
  if (!found) throw new Error(`docs/protocol.md has no program ${name}`);
  return found.slice(0, found.indexOf('```'));
}

function run(name: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [folder + name], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

function outputUntil(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve(text);
    });
    child.on('exit', () => reject(new Error(`ended early, having printed: ${text}`)));
  });
}
