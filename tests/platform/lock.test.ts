import { readdirSync, rmSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { takeLock } from '../../server/database/embeddedLock.ts';
import { temporaryFolder } from '../harness/process.ts';

/** What a file system without hard links says, a few times; whoever goes on trying would do so for ever. */
let refusals = 0;
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const linkSync: typeof Fs.linkSync = (...args) => {
    if (refusals-- <= 0) return fs.linkSync(...args);
    throw Object.assign(new Error('not permitted'), { code: 'EPERM', syscall: 'link' });
  };
  return { ...fs, linkSync };
});

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('where no lock can be made that is said, and nothing is left behind', () => {
  refusals = 3;
  expect(() => takeLock(join(folder, 'lock'))).toThrow('not permitted');
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock is taken once', () => {
  refusals = 0;
  expect(takeLock(join(folder, 'lock'))).toBeNull();
  expect(takeLock(join(folder, 'lock'))).toBe(process.pid);
});
