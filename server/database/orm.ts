import { fileURLToPath } from 'node:url';
import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig } from '@mikro-orm/postgresql';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { entities } from './entities/index.ts';
import { takeBackLost } from './lost.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export type Orm = MikroORM<PostgreSqlDriver>;

function options(url: string) {
  return defineConfig({
    clientUrl: url,
    entities,
    extensions: [Migrator],
    // Entities are shared only through forks: one per request, one per event of a subscription.
    allowGlobalContext: false,
    forceUtcTimezone: true,
    pool: { min: 0, max: 10 },
    driverOptions: {
      application_name: 'relay',
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      onPoolCreated: takeBackLost,
    },
    migrations: {
      path: MIGRATIONS,
      pathTs: MIGRATIONS,
      glob: '!(*.d).ts',
      tableName: 'migration',
      snapshot: false,
      snapshotOnMigrate: false,
      silent: true,
    },
    schemaGenerator: { skipTables: ['migration'] },
  });
}

/** Connects on first use. Fork `orm.em` for each piece of work; `orm.close()` ends its connections. */
export async function openOrm(url: string): Promise<Orm> {
  return MikroORM.init<PostgreSqlDriver>(options(url));
}
