import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const document = read('docs/security.md');

/** The rows of the tables of a section, their heads included. */
function rows(title: string): string[] {
  const section = document.split(/^## /m).find((part) => part.startsWith(title))!;
  return section.split('\n').filter((line) => line.startsWith('| '));
}

test('docs/security.md names every package that runs a script when it is installed, and so does package.json', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const running = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .sort();
  const named = rows('Dependencies').flatMap((row) => /^\| `([^`]+)`/.exec(row)?.[1] ?? []);
  expect(named.sort()).toEqual(running);
  const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
  expect(Object.keys(allowScripts).sort()).toEqual(running);
});

test('every promise in docs/security.md names tests that exist', () => {
  const promises = rows('What is promised').slice(1);
  expect(promises.length).toBeGreaterThan(15);
  for (const promise of promises) {
    const names = [...promise.split('|')[2]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    expect(names, promise).not.toEqual([]);
    const file = (name: string) => `${name}.${name.startsWith('faults/') ? 'fault' : 'test'}.ts`;
    const missing = names.filter((name) => !existsSync(new URL(`../${file(name)}`, import.meta.url)));
    expect(missing).toEqual([]);
  }
});
