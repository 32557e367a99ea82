import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNNING = /Relay is running at (http:\/\/\S+)/;

/** A new folder under the system's temporary one; by default PostgreSQL's own user may pass through it. */
export function temporaryFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'relay-test-'));
  chmodSync(folder, mode);
  return folder;
}

/** A program of Relay's as people run it, in a process of its own, with nothing of the tests' environment. */
export class TestProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  private changed: () => void = () => undefined;

  constructor(file: string, args: string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, [join(ROOT, file), ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.changed();
    });
    this.child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    // `close` rather than `exit`: by then everything it printed has been read.
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => resolve(code ?? signal)),
    );
  }

  /** Where it serves, once it says so. */
  async url(): Promise<string> {
    for (;;) {
      const url = RUNNING.exec(this.stdout)?.[1];
      if (url) return url;
      const printed = new Promise<'printed'>((resolve) => (this.changed = () => resolve('printed')));
      if ((await Promise.race([printed, this.ended])) !== 'printed') {
        throw new Error(`${this.child.spawnargs.join(' ')} ended:\n${this.stdout}${this.stderr}`);
      }
    }
  }

  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
