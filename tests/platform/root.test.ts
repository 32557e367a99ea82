import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TestProcess, temporaryFolder } from '../harness/process.ts';

const asRoot = process.getuid?.() === 0;

// Only root lends PostgreSQL another account; for everyone else a closed home is their own.
if (asRoot)
  test('root’s closed home keeps PostgreSQL’s files elsewhere, and says so once', async () => {
    const home = temporaryFolder(0o700);
    const dataDir = join(home, 'clone/.relay');
    const env = { PORT: '0', RELAY_DATA_DIR: dataDir, RELAY_LOG_LEVEL: 'warn' };
    const first = new TestProcess('server/main.ts', [], env);
    let shelter = '';
    try {
      await first.url();
      shelter = /kept in (\/var\/lib\/relay\/\w+)\./.exec(first.stdout)?.[1] ?? '';
      expect(statSync(join(shelter, 'postgres')).uid).not.toBe(0);
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
      expect(statSync(join(dataDir, 'database.json')).mode & 0o077).toBe(0);
      expect(await first.kill('SIGTERM')).toBe(0);
      const password = readFileSync(join(dataDir, 'database.json'), 'utf8');
      const second = new TestProcess('server/main.ts', [], env);
      await second.url();
      expect(second.stdout).not.toContain('kept in');
      expect(await second.kill('SIGTERM')).toBe(0);
      expect(JSON.parse(readFileSync(join(dataDir, 'database.json'), 'utf8')).password).toBe(
        JSON.parse(password).password,
      );
    } finally {
      if (first.child.exitCode === null) await first.kill('SIGTERM');
      rmSync(home, { recursive: true, force: true });
      if (shelter) rmSync(shelter, { recursive: true, force: true });
    }
  }, 60_000);
else
  test('an ordinary user’s database belongs to that user', async () => {
    const home = temporaryFolder(0o700);
    const env = { PORT: '0', RELAY_DATA_DIR: join(home, '.relay'), RELAY_LOG_LEVEL: 'warn' };
    const relay = new TestProcess('server/main.ts', [], env);
    try {
      await relay.url();
      expect(statSync(join(home, '.relay/postgres')).uid).toBe(process.getuid?.());
    } finally {
      await relay.kill('SIGTERM');
      rmSync(home, { recursive: true, force: true });
    }
  });
