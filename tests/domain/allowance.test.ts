import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool } from '../../server/database/pool.ts';
import { createAllowance } from '../../server/domain/allowance.ts';
import { RateLimitedError } from '../../server/errors.ts';
import { createTestDatabase, servingUrl } from '../harness/postgres.ts';
import type { TestDatabase } from '../harness/postgres.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(servingUrl(database.url), 2);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('attempts are counted for all nodes together, key by key', async () => {
  const [one, other] = [createAllowance(pool, 'test', 3, 60), createAllowance(pool, 'test', 3, 60)];
  await one.spend('ada@acme.example');
  await other.spend('ada@acme.example');
  await one.spend('ada@acme.example');
  await expect(other.spend('ada@acme.example')).rejects.toThrow(RateLimitedError);
  await expect(one.spend('ada@acme.example')).rejects.toMatchObject({
    retryAfterSeconds: expect.any(Number),
  });
  await one.spend('grace@acme.example');
  const { rows } = await pool.query<{ key: string }>('select key from rate_limit');
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows)).not.toContain('acme');
});

test('while the database is away they are counted in memory', async () => {
  const away = createPool('postgres://nobody@127.0.0.1:1/nothing', 1);
  const allowance = createAllowance(away, 'away', 2, 60);
  await allowance.spend('ada');
  await allowance.spend('ada');
  await expect(allowance.spend('ada')).rejects.toThrow(RateLimitedError);
  await away.end();
});
