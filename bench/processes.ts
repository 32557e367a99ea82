import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const file = (path: string) => join(ROOT, path);

/** Lets the bench ask a process to collect its garbage, so that what remains is what is in use. */
const COLLECTING = ['--expose-gc', '--import', file('bench/idle/collect.ts')];

/** A process that is measured. */
export interface Subject {
  name: string;
  url: string;
  pid: number;
  close(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}

/** A Node program of the bench that prints `ready` when it may be used. */
export async function startNode(
  name: string,
  program: string,
  args: string[],
  options: { url: string; ready?: string; env?: NodeJS.ProcessEnv },
): Promise<Subject> {
  const child = spawn(process.execPath, [...COLLECTING, file(program), ...args], {
    ...(options.env && { env: options.env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await printed(child, options.ready ?? 'listening');
  return { name, url: options.url, pid: child.pid ?? 0, close: () => ended(child, 'SIGTERM') };
}

/** A server that is installed. Ready when its output says so; ends by SIGTERM to `pid`, its own or that of the server proper. */
export async function startInstalled(
  command: string,
  args: string[],
  ready: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ pid: number; close(pid?: number): Promise<void> }> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await printed(child, ready);
  return {
    pid: child.pid ?? 0,
    async close(pid = child.pid ?? 0) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      process.kill(pid, 'SIGTERM');
      await gone;
    },
  };
}

export function onPath(command: string): string | null {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command));
  return places.find((place) => existsSync(place)) ?? null;
}

export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `relay-bench-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs one of the bench's client programs to its end, so that what is measured shares no event loop with it. */
export async function runClient<T>(program: string, options: object): Promise<T> {
  const args = [file(program), 'run', JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 }).catch(
    ({ stderr }: { stderr?: string }) => {
      throw new Error(`${program} failed:\n${stderr}`);
    },
  );
  return JSON.parse(stdout) as T;
}

/** Resident memory, bytes. */
export function residentMemory(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096;
}

export function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve();
      output = output.slice(-10_000);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The process ended with ${code}:\n${output}`)));
  });
}

export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
