import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EmbeddedError } from './embeddedBinaries.ts';
import type { Account } from './embeddedBinaries.ts';

/** Kept in the data directory, readable by its owner only. `data` is relative to it, or absolute when sheltered. */
export interface Settings {
  data: string;
  port: number;
  /** The owner's. */
  password: string;
  /** Of the role that serves. */
  servingPassword: string;
}

export interface Place {
  /** What the person chose: settings, locks and the secret live here. */
  dataDir: string;
  /** PostgreSQL's own directory. */
  data: string;
  account: Account | undefined;
  /** Where things go that `account` could not reach otherwise. */
  shelter: string;
  settings: Settings;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root, so root lends it an account that is there anyway. */
function lesserAccount(): Account {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  if (!entry) {
    throw new EmbeddedError(
      'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody".',
    );
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

function reaches(account: Account | undefined, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { ...account, cwd: '/' }).status === 0;
}

function openDirectory(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // As root the directory must be passable (not readable) for the account PostgreSQL runs as.
  if (statSync(dataDir).uid === process.getuid?.()) chmodSync(dataDir, isRoot() ? 0o711 : 0o700);
}

function readSettings(dataDir: string): Settings | null {
  const path = join(dataDir, 'database.json');
  if (!existsSync(path)) return null;
  try {
    const settings = JSON.parse(readFileSync(path, 'utf8')) as Settings;
    // Data of a version that had one role only gets the other one now.
    settings.servingPassword ??= newPassword();
    return settings;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'not JSON';
    throw new EmbeddedError(
      `${path} cannot be read (${reason}). It belongs to whoever started Relay here first.`,
    );
  }
}

export function writeSettings(place: Place): void {
  const path = join(place.dataDir, 'database.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(place.settings, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function freshSettings(dataDir: string, shelter: string, account: Account | undefined, say: Say): Settings {
  const sheltered = !reaches(account, dataDir);
  if (sheltered) {
    say(
      `PostgreSQL may not run as root and its user cannot enter ${dataDir}: its files are kept in ${shelter}.`,
    );
  }
  const data = sheltered ? join(shelter, 'postgres') : 'postgres';
  return { data, port: 0, password: newPassword(), servingPassword: newPassword() };
}

function newPassword(): string {
  return randomBytes(24).toString('hex');
}

/** Tells a person one line. */
export type Say = (line: string) => void;

/** Once data exists, its owner runs it, whoever starts Relay: another one would be refused by PostgreSQL. */
function accountFor(data: string | null): Account | undefined {
  const owner = data !== null && existsSync(data) ? statSync(data) : null;
  if (isRoot()) return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : lesserAccount();
  if (owner && owner.uid !== process.getuid?.()) {
    throw new EmbeddedError(
      `${data} belongs to another user (was Relay first started as root?). Start it as that user.`,
    );
  }
  return undefined;
}

/** Decides, once per data directory, where PostgreSQL's files are and who runs it. */
export function choosePlace(dataDir: string, say: Say): Place {
  openDirectory(dataDir);
  const shelter = join(
    '/var/lib/relay',
    createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16),
  );
  const known = readSettings(dataDir);
  const account = accountFor(known && resolve(dataDir, known.data));
  const settings = known ?? freshSettings(dataDir, shelter, account, say);
  const place = { dataDir, data: resolve(dataDir, settings.data), account, shelter, settings };
  if (account && !existsSync(place.data)) makeParent(place);
  writeSettings(place);
  return place;
}

function makeParent(place: Place): void {
  const parent = resolve(place.data, '..');
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  if (parent === place.shelter) chmodSync(parent, 0o711);
}

/** An empty directory PostgreSQL may call its own. */
export function ownDirectory(path: string, account: Account | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (account) chownSync(path, account.uid, account.gid);
}
