import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the demo must remember between starts, since Relay shows each secret only once. */
export interface Kept {
  key?: string;
  tokens?: Record<string, string>;
}

const pathIn = (dataDir: string): string => join(dataDir, 'demo.json');

export function kept(dataDir: string): Kept {
  const path = pathIn(dataDir);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Kept) : {};
}

/** Readable by its owner only, and never half written. */
export function keep(dataDir: string, what: Kept): void {
  const path = pathIn(dataDir);
  writeFileSync(`${path}.new`, `${JSON.stringify(what, null, 2)}\n`, { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}
