import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { snippets } from '../../client/pages/connectable/quick-start/snippets.ts';
import { useRelay } from '../harness/room.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const room = useRelay();
const running = new Set<Example>();

/** An example as people run it, in a process of its own. */
class Example {
  output = '';
  readonly ended: Promise<number | null>;
  readonly #child;
  #changed: () => void = () => undefined;

  constructor(command: string, args: string[], env: Record<string, string>) {
    const child = spawn(command, args, {
      cwd: examples,
      env: { PATH: process.env['PATH'], ...env },
      // Open, as a terminal is: what reads it must not take its end for a wish to leave.
      stdio: 'pipe',
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        this.#changed();
      });
    }
    running.add(this);
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve(code)));
    void this.ended.then(() => running.delete(this));
  }

  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const change = new Promise<'changed'>((resolve) => (this.#changed = () => resolve('changed')));
      if ((await Promise.race([change, this.ended])) !== 'changed') throw new Error(this.output);
    }
  }

  kill(): Promise<number | null> {
    this.#child.kill();
    return this.ended;
  }
}

const node = (file: string, args: string[], env: Record<string, string>): Example =>
  new Example(process.execPath, [file, ...args], env);

const script = (): Record<string, string> => ({ RELAY_URL: room.relay.url, RELAY_KEY: room.seed.key.token });

const hasCurl = spawnSync('curl', ['--version']).status === 0;
/** A Python that can run the dashboard's quick start; absent where its one package is not installed. */
const python = ['python3', '/usr/bin/python3'].find(
  (path) => spawnSync(path, ['-c', 'import websocket']).status === 0,
);

afterEach(() => Promise.all([...running].map((example) => example.kill())));

test('the quickstart completes an event with 20 streamed tokens, and the history shows it delivered', async () => {
  const register = node('graphql/register.mjs', ['agent', 'athena', 'Athena'], script());
  expect(await register.ended, register.output).toBe(0);
  const registerApp = node('graphql/register.mjs', ['app', 'portal'], script());
  expect(await registerApp.ended, registerApp.output).toBe(0);

  const sockets = { RELAY_URL: room.relay.wsUrl };
  const agent = node('quickstart/agent.mjs', [], { ...sockets, RELAY_AGENT_TOKEN: register.output.trim() });
  await agent.printed('connected');
  const app = node('quickstart/app.mjs', ['athena', 'Hello?'], {
    ...sockets,
    RELAY_APP_TOKEN: registerApp.output.trim(),
  });
  expect(await app.ended, app.output).toBe(0);
  expect(app.output).toMatch(/Accepted as evt_\w+/);
  expect(app.output).toContain('20 tokens, then the whole reply');
  expect(agent.output).toContain('{"text":"Hello?"}');

  const history = node('graphql/history.mjs', ['5'], script());
  expect(await history.ended, history.output).toBe(0);
  expect(history.output).toMatch(/evt_\w+ {2}portal {2}athena {2}quickstart {2}DELIVERED {2}\d+ ms/);
});

test('registering an id that is taken prints why, and no token', async () => {
  const app = await room.seed.app();
  const again = node('graphql/register.mjs', ['app', app.slug], script());
  expect(await again.ended).toBe(1);
  expect(again.output).toMatch(/^IdTakenError: /);
  expect(again.output).not.toContain('rlk_');
});

test('an app with a token that is not valid ends with a failure instead of waiting', async () => {
  const app = node('quickstart/app.mjs', [], { RELAY_URL: room.relay.wsUrl, RELAY_APP_TOKEN: 'rlk_no_such' });
  expect(await app.ended).toBe(1);
  expect(app.output).toContain('401');
});

test('the typed example registers an app and prints its token', async () => {
  const typed = node('typed/provision.ts', ['typed-portal', 'Typed portal'], script());
  expect(await typed.ended, typed.output).toBe(0);
  expect(typed.output).toMatch(/^rlk_typed-portal_/);
});

test.each([
  ['an id that is taken', 'taken', /Free: taken-2\./],
  ['no id', 'No Slug', /^appId: /],
])('the typed example tells in words that %s is refused', async (_name, appId, words) => {
  await room.seed.app('taken');
  const typed = node('typed/provision.ts', [appId], script());
  expect(await typed.ended).toBe(1);
  expect(typed.output).toMatch(words);
});

test.runIf(hasCurl)('the API answers plain curl', async () => {
  const app = await room.seed.app();
  const curl = new Example('sh', ['graphql/curl.sh'], script());
  expect(await curl.ended, curl.output).toBe(0);
  expect(curl.output).toContain(`"appId":"${app.slug}"`);
});

/** The quick start of the dashboard, as it is printed for an app, run in a shell or from a file of its own. */
describe('the quick start of the dashboard runs as printed:', () => {
  const setUp = async () => {
    const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
    const answering = node('quickstart/agent.mjs', [], {
      RELAY_URL: room.relay.wsUrl,
      RELAY_AGENT_TOKEN: agent.token,
    });
    await answering.printed('connected');
    const target = { origin: room.relay.url, appId: app.slug, agentId: agent.slug };
    const code = (name: string) => snippets(target).find((snippet) => snippet.name === name)!.code;
    return { app, code, env: { RELAY_APP_TOKEN: app.token } };
  };
  const fromFile = async (file: string, code: string, command: string, env: Record<string, string>) => {
    // Beside the examples, so that it finds the same packages as a project that has installed them.
    const folder = mkdtempSync(join(examples, 'quickstart-'));
    try {
      writeFileSync(join(folder, file), code);
      const run = new Example(command, [join(folder, file)], env);
      return { ended: await run.ended, output: run.output };
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('wscat', async () => {
    const { code, env } = await setUp();
    const run = new Example('sh', ['-c', code('wscat')], env);
    await run.printed('"type":"reply"');
    expect(run.output).toContain('"type":"accepted"');
  });

  test.runIf(hasCurl)('curl, which tells a valid token from others', async () => {
    const { app, code, env } = await setUp();
    const curl = async (token: string) => {
      const run = new Example('sh', ['-c', code('curl')], { ...env, RELAY_APP_TOKEN: token });
      await run.ended;
      return run.output;
    };
    expect(await curl(app.token)).toContain('101');
    expect(await curl(`${app.token}x`)).toContain('401');
    await room.mutate('deactivateApp', { id: app.globalId }, '__typename');
    expect(await curl(app.token)).toContain('403');
  });

  test('Node', async () => {
    const { code, env } = await setUp();
    const run = await fromFile('app.mjs', code('Node'), process.execPath, env);
    expect(run.ended, run.output).toBe(0);
    expect(run.output).toContain('Hello from your first agent');
    expect(run.output).toContain("type: 'reply'");
  });

  test.runIf(python)('Python', async () => {
    const { code, env } = await setUp();
    const run = await fromFile('app.py', code('Python'), python!, env);
    expect(run.ended, run.output).toBe(0);
    expect(run.output).toContain('Hello from your first agent');
    expect(run.output).toContain("'type': 'reply'");
  });
});
