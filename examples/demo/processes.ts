import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ProcessOptions {
  env: NodeJS.ProcessEnv;
  /** `pipe` to read what it prints; otherwise it prints to this terminal. */
  stdout?: 'pipe';
  /** Start it again when it ends by itself. */
  again?: boolean;
}

const RESTART_MS = 2_000;
const running = new Set<ChildProcess>();
let stopping = false;

/**
 * Starts a file of this folder. Its IPC channel closes when this process dies, in whatever way, and it ends with it. In
 * a group of its own, so that Ctrl-C reaches it through this process only, once, and in order.
 */
export function openProcess(file: string, options: ProcessOptions): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    env: options.env,
    detached: true,
    stdio: ['ignore', options.stdout ?? 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (options.again && !stopping) setTimeout(() => !stopping && openProcess(file, options), RESTART_MS);
  });
  return child;
}

/** Passes on what a process prints, and resolves with the first group of `pattern` once that is printed. */
export function firstLines(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      printed += chunk.toString();
      const found = pattern.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

/** Ends every process, the newest first: apps, agents, then the server, which waits for what is in flight. */
export async function stopAll(): Promise<void> {
  stopping = true;
  for (const child of [...running].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}
