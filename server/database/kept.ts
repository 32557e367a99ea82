import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * The text of a file in the data directory, made where there is none. Written aside and renamed, and made again where it is
 * empty: a start that was cut short must not leave nothing in the place of a secret. Whoever calls holds the lock that keeps
 * two processes from making it at once.
 */
export function keptText(path: string, make: () => string): string {
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (kept !== '') return kept;
  const made = make();
  writeFileSync(`${path}.new`, made, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return made;
}
