import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { lockHolder, processStart, takeLock } from '../../server/database/embeddedLock.ts';
import { temporaryFolder } from '../harness/process.ts';

/** What a file system without hard links says, a few times; whoever goes on trying would do so for ever. */
let refusals = 0;
/** Called once a file was read, before whoever read it goes on. */
let onRead: (path: string) => void = () => undefined;
/** Called before a file is removed or moved. */
let onTaken: (path: string) => void = () => undefined;
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const linkSync: typeof Fs.linkSync = (...args) => {
    if (refusals-- <= 0) return fs.linkSync(...args);
    throw Object.assign(new Error('not permitted'), { code: 'EPERM', syscall: 'link' });
  };
  const readFileSync = (path: string, ...rest: []): unknown => {
    const text = fs.readFileSync(path, ...rest);
    onRead(path);
    return text;
  };
  const renameSync: typeof Fs.renameSync = (from, to) => {
    onTaken(String(from));
    fs.renameSync(from, to);
  };
  const rmSync: typeof Fs.rmSync = (path, ...rest) => {
    onTaken(String(path));
    fs.rmSync(path, ...rest);
  };
  return { ...fs, linkSync, readFileSync, renameSync, rmSync };
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

test('who finds the lock of a dead process does not take away what a living one has put in its place', () => {
  const path = join(folder, 'left');
  const other = JSON.stringify({ pid: process.ppid, started: processStart(process.ppid) });
  const taken: string[] = [];
  writeFileSync(path, JSON.stringify({ pid: process.ppid, started: 'before' }));
  onRead = (read) => {
    if (read !== path) return;
    onRead = () => undefined;
    writeFileSync(path, other);
  };
  onTaken = (file) => void taken.push(file);
  expect(takeLock(path)).toBe(process.ppid);
  expect(lockHolder(path)).toBe(process.ppid);
  expect(taken).not.toContain(path);
});

test('the lock of a dead process is taken over, and what it left while it took over one itself', () => {
  const path = join(folder, 'dead');
  const dead = JSON.stringify({ pid: process.ppid, started: 'before' });
  for (const left of [path, `${path}.removing`]) writeFileSync(left, dead);
  expect(takeLock(path)).toBeNull();
  expect(readdirSync(folder).filter((name) => name.startsWith('dead'))).toEqual(['dead']);
});
