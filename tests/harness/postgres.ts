import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../server/database/embedded.ts';
import { migrate } from '../../server/database/migrator.ts';
import { createLog } from '../../server/log.ts';
import { RUN_PREFIX, clearLeftovers } from './leftovers.ts';

const TEMPLATE = 'relay_template';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the run's PostgreSQL as its owner, naming some database. */
    postgres: string;
    /** The same as the role that serves. */
    postgresServing: string;
  }
}

/** vitest's global set-up: one bundled PostgreSQL per run, with one migrated database to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  clearLeftovers();
  const folder = mkdtempSync(join(tmpdir(), RUN_PREFIX));
  chmodSync(folder, 0o755);
  // Tests kill processes, never the machine, so nothing is lost by leaving the disk out of it.
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '300', shared_buffers: '64MB' };
  const embedded = await startEmbedded(join(folder, 'data'), { say: () => undefined, settings });
  await run(embedded.ownerUrl, `create database ${TEMPLATE}`);
  await migrate(named(embedded.ownerUrl, TEMPLATE), embedded.url, createLog('error'));
  project.provide('postgres', embedded.ownerUrl);
  project.provide('postgresServing', embedded.url);
  return async () => {
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

function named(url: string, database: string): string {
  const copy = new URL(url);
  copy.pathname = `/${database}`;
  return copy.href;
}

/** One statement, or several, on a connection of its own; resolves to the rows of one. */
export async function run(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  /** Of the owner, who may do everything. */
  url: string;
  /** Ends whoever is still connected. */
  drop(): Promise<void>;
}

/** The URL of the same database for the role that serves, which has the rights Relay gave it and no more. */
export function servingUrl(ownerUrl: string): string {
  return named(inject('postgresServing'), new URL(ownerUrl).pathname.slice(1));
}

/** A database of the caller's own: a clone of the migrated template, or an empty one. */
export async function createTestDatabase(kind: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await run(server, `create database ${name} ${kind === 'migrated' ? `template ${TEMPLATE}` : ''}`);
  return {
    url: named(server, name),
    drop: async () => void (await run(server, `drop database ${name} with (force)`)),
  };
}

export interface TestRole {
  name: string;
  /** The URL of the same database for this role. */
  at(url: string): string;
  /** Only once nothing is left that it owns. */
  drop(): Promise<void>;
}

/** A role of the caller's own, which may do nothing yet. */
export async function createTestRole(): Promise<TestRole> {
  const server = inject('postgres');
  const name = `role_${randomBytes(8).toString('hex')}`;
  const password = randomBytes(8).toString('hex');
  await run(server, `create role ${name} login password '${password}'`);
  const at = (url: string): string => Object.assign(new URL(url), { username: name, password }).href;
  return { name, at, drop: async () => void (await run(server, `drop role ${name}`)) };
}
