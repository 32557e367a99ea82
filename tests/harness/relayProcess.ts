import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
/** Where preflight.mjs, by which people start Relay, keeps what was compiled. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/relay', import.meta.url));
const SECRET = randomBytes(32).toString('hex');
const RUNNING = /Relay is running at http:\/\/\S+?:(\d+)/;

export interface RelayProcess {
  url: string;
  wsUrl: string;
  child: ChildProcess;
  /** Ends the process without warning, as a power cut does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, and resolves with its exit code. */
  terminate(): Promise<number | null>;
}

/** Relay as a process of its own, on a free port, with the database of the caller. */
export function startRelayProcess(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<RelayProcess> {
  const own = { DATABASE_URL: databaseUrl, RELAY_SECRET: SECRET, PORT: '0', ...env };
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED, ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const port = RUNNING.exec(output)?.[1];
      if (port === undefined) return;
      const url = `http://127.0.0.1:${port}`;
      const kill = async () => void (await end('SIGKILL'));
      resolve({ url, wsUrl: url.replace('http', 'ws'), child, kill, terminate: () => end('SIGTERM') });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) =>
      reject(new Error(`Relay ended with ${code} before it was running:\n${output}`)),
    );
  });
}
