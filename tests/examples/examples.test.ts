import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { agentSnippets } from '../../client/pages/connectable/quick-start/agent-snippets.ts';
import { appSnippets } from '../../client/pages/connectable/quick-start/app-snippets.ts';
import type { Snippet } from '../../client/pages/connectable/quick-start/snippet.ts';
import { ask, useRelay } from '../harness/room.ts';

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

  /** Types a line into it. */
  enter(line: string): void {
    this.#child.stdin.write(`${line}\n`);
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

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** What a quick start prints in one tongue. */
const printed = (snippets: Snippet[], name: string): Snippet =>
  snippets.find((snippet) => snippet.name === name)!;

/** Runs it from a file of its own, beside the examples: it finds the packages that a project has installed. */
function fromFile(file: string, { code }: Snippet, command: string, env: Record<string, string>): Example {
  const folder = mkdtempSync(join(examples, 'quickstart-'));
  folders.push(folder);
  writeFileSync(join(folder, file), code);
  return new Example(command, [join(folder, file)], env);
}

/** The quick start of the dashboard, as it is printed for an app. */
describe('the quick start of an app runs as printed:', () => {
  const setUp = async () => {
    const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
    const answering = node('quickstart/agent.mjs', [], {
      RELAY_URL: room.relay.wsUrl,
      RELAY_AGENT_TOKEN: agent.token,
    });
    await answering.printed('connected');
    const snippets = appSnippets({ origin: room.relay.url, appId: app.slug, agentId: agent.slug });
    return { app, snippets, env: { RELAY_APP_TOKEN: app.token } };
  };

  test('wscat', async () => {
    const { snippets, env } = await setUp();
    const run = new Example('sh', ['-c', printed(snippets, 'wscat').code], env);
    await run.printed('"type":"reply"');
    expect(run.output).toContain('"type":"accepted"');
  });

  test.runIf(hasCurl)('curl, which tells a valid token from others', async () => {
    const { app, snippets, env } = await setUp();
    const curl = async (token: string) => {
      const run = new Example('sh', ['-c', printed(snippets, 'curl').code], {
        ...env,
        RELAY_APP_TOKEN: token,
      });
      await run.ended;
      return run.output;
    };
    expect(await curl(app.token)).toContain('101');
    expect(await curl(`${app.token}x`)).toContain('401');
    await room.mutate('deactivateApp', { id: app.globalId }, '__typename');
    expect(await curl(app.token)).toContain('403');
  });

  test('Node', async () => {
    const { snippets, env } = await setUp();
    const run = fromFile('app.mjs', printed(snippets, 'Node'), process.execPath, env);
    expect(await run.ended, run.output).toBe(0);
    expect(run.output).toContain('Hello from your first agent');
    expect(run.output).toContain("type: 'reply'");
  });

  test.runIf(python)('Python', async () => {
    const { snippets, env } = await setUp();
    const run = fromFile('app.py', printed(snippets, 'Python'), python!, env);
    expect(await run.ended, run.output).toBe(0);
    expect(run.output).toContain('Hello from your first agent');
    expect(run.output).toContain("'type': 'reply'");
  });
});

/** The same for an agent: an event that waits for it is answered, word by word, once it runs. */
describe('the quick start of an agent runs as printed:', () => {
  const setUp = async () => {
    const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
    const from = await room.connect(app);
    const { event_id } = await ask(from, agent);
    /** The event's answer is the agent's own: streamed, then whole. */
    const answered = async (run: Example) => {
      const reply = from.find('reply', { event_id });
      const ended = run.ended.then(() => Promise.reject(new Error(run.output)));
      expect((await Promise.race([reply, ended])).body['reply']).toBe(`Hello from ${agent.slug}.`);
      const tokens = from.frames.filter(({ body }) => body['type'] === 'token');
      const text = tokens.map(({ body }) => String(body['token'])).join('');
      expect(`Hello from ${agent.slug}.`.startsWith(text) && text.startsWith('Hello from')).toBe(true);
    };
    const snippets = agentSnippets({ origin: room.relay.url, agentId: agent.slug });
    return { snippets, event_id, answered, env: { RELAY_AGENT_TOKEN: agent.token } };
  };

  test('wscat, answered by hand', async () => {
    const { snippets, event_id, answered, env } = await setUp();
    const { code, then } = printed(snippets, 'wscat');
    const run = new Example('sh', ['-c', code], env);
    await run.printed('"type":"event"');
    expect(run.output).toContain(event_id);
    for (const line of then!.code.split('\n')) run.enter(line.replace('evt_…', event_id));
    await answered(run);
  });

  test('Node', async () => {
    const { snippets, event_id, answered, env } = await setUp();
    const run = fromFile('agent.mjs', printed(snippets, 'Node'), process.execPath, env);
    await answered(run);
    expect(run.output).toContain(event_id);
  });

  test.runIf(python)('Python', async () => {
    const { snippets, event_id, answered, env } = await setUp();
    const run = fromFile('agent.py', printed(snippets, 'Python'), python!, env);
    await answered(run);
    expect(run.output).toContain(event_id);
  });
});
