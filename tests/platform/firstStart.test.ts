import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startEmbedded } from '../../server/database/embedded.ts';
import { releaseLock, takeLock } from '../../server/database/embeddedLock.ts';
import { keptText } from '../../server/database/kept.ts';
import { temporaryFolder } from '../harness/process.ts';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('of two first starts at once, the second uses the password that the first made up', async () => {
  const dataDir = join(folder, 'data');
  const lock = join(dataDir, 'database.lock');
  const start = () => startEmbedded(dataDir, { say: () => undefined, settings: { fsync: 'off' } });
  mkdirSync(dataDir);
  takeLock(lock);
  const first = start();
  // The second comes before the first has written down anything.
  rmSync(join(dataDir, 'database.json'), { force: true });
  const second = start();
  releaseLock(lock);
  const opened = await Promise.allSettled([first, second]);
  const urls = opened.map((one) => (one.status === 'fulfilled' ? one.value.ownerUrl : String(one.reason)));
  for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
  expect(urls[1]).toBe(urls[0]);
});

test('a start that fails takes along the PostgreSQL that it started', async () => {
  const dataDir = join(folder, 'failing');
  const start = () => startEmbedded(dataDir, { say: () => undefined, settings: { fsync: 'off' } });
  await (await start()).close();
  const path = join(dataDir, 'database.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), password: 'another' }));
  await expect(start()).rejects.toThrow('password');
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
});

test('what is made once stays the same', () => {
  const path = join(folder, 'secret');
  expect(keptText(path, () => 'one')).toBe('one');
  expect(keptText(path, () => 'two')).toBe('one');
});

test('an empty file, as a start that was cut short leaves, is not taken for a secret', () => {
  const path = join(folder, 'cut-short');
  writeFileSync(path, '');
  expect(keptText(path, () => 'made')).toBe('made');
  expect(readFileSync(path, 'utf8')).toBe('made');
});
