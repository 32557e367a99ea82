import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
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

/** Hands over what a process prints, line by line. */
export function onLine(child: ChildProcess, handle: (line: string) => void): void {
  if (child.stdout) createInterface({ input: child.stdout }).on('line', handle);
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
