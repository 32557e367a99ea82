import { expect, it, vi } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { createRegister } from '../../server/credentials/register.ts';
import { createPool } from '../../server/database/pool.ts';
import { useRelay } from '../harness/room.ts';

const room = useRelay();

it('those who come to the doors at once share a query, and each is told of its own token', async () => {
  const apps = [await room.seed.app(), await room.seed.app(), await room.seed.app()];
  const pool = createPool(room.relay.databaseUrl, 2);
  try {
    const register = createRegister(pool, systemClock, 'app');
    const queries = vi.spyOn(pool, 'query');
    const lookups = [...apps.map(({ token }) => token.slice(-57, -45)), 'nobodyhasone'];
    const found = await Promise.all([...lookups, ...lookups].map((lookup) => register.find(lookup)));
    expect(queries).toHaveBeenCalledTimes(1);
    const slugs = [...apps.map(({ slug }) => slug), undefined];
    expect(found.map((holder) => holder?.slug)).toEqual([...slugs, ...slugs]);
  } finally {
    await pool.end();
  }
});

it('a database that is away fails those who wait, and the next are read again', async () => {
  const app = await room.seed.app();
  const pool = createPool(room.relay.databaseUrl, 1);
  try {
    const register = createRegister(pool, systemClock, 'app');
    const lookup = app.token.slice(-57, -45);
    vi.spyOn(pool, 'query').mockImplementationOnce(() => {
      throw new Error('away');
    });
    await expect(Promise.all([register.find(lookup), register.find(lookup)])).rejects.toThrow('away');
    expect(await register.find(lookup)).toMatchObject({ slug: app.slug });
  } finally {
    await pool.end();
  }
});
