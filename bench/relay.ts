import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { parseConfig } from '../server/config.ts';
import { openDatabase } from '../server/database/open.ts';
import { graphql, mutate } from '../examples/demo/graphql.ts';
import { file, freePort, startNode, temporaryFolder } from './processes.ts';
import type { Subject } from './processes.ts';

/** A Relay of the bench's own: its data in a temporary folder, its limits off, one app and one agent. */
export interface RelaySubject extends Subject {
  http: string;
  databaseUrl: string;
  db: pg.Pool;
  key: string;
  organizationId: string;
  appToken: string;
  agentToken: string;
  /** Kills the process with SIGKILL; `start` brings it up again on the same data and port. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startRelay(): Promise<RelaySubject> {
  const folder = temporaryFolder('relay');
  const port = await freePort();
  const url = `ws://127.0.0.1:${port}`;
  const limits = { RELAY_EVENTS_PER_MINUTE: '0', RELAY_IN_FLIGHT: '0', RELAY_BACKLOG: '0' };
  const place = { RELAY_DATA_DIR: folder.path, PORT: String(port), RELAY_LOG_LEVEL: 'error' };
  const env = { PATH: process.env['PATH'], ...place, ...limits };
  // As "npm start" does, with what it keeps of an earlier start.
  const options = { url, env, ready: 'Relay is running' };
  const launch = () => startNode('Relay', 'server/preflight.mjs', ['start'], options);
  let running = await launch();
  const database = await openDatabase(parseConfig(env), 'command', () => undefined);
  const db = new pg.Pool({ connectionString: database.ownerUrl, max: 4 });
  const http = url.replace('ws', 'http');
  return {
    name: 'Relay',
    url,
    http,
    databaseUrl: database.ownerUrl,
    db,
    get pid() {
      return running.pid;
    },
    ...(await provision(http, env)),
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      while (isAlive(running.pid)) await pause(5);
    },
    async start() {
      running = await launch();
    },
    async close() {
      await db.end();
      await database.close();
      await running.close();
      folder.remove();
    },
  };
}

/** A zombie whose parent has not yet heard of its end still answers signals, but only for a moment. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Registers an app and an agent the way any script does. */
async function provision(http: string, env: NodeJS.ProcessEnv) {
  const args = [file('server/cli.ts'), 'create-api-key', '--org', 'bench', '--email', 'bench@relay.test'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const key = stdout.trim();
  const query = '{ organization(slug: "bench") { id } }';
  const { organization } = await graphql<{ organization: { id: string } }>(http, key, query);
  const owner = { organizationId: organization.id };
  const register = (name: string, input: object) =>
    mutate<{ token: string }>(http, key, name, { ...owner, ...input }, 'token');
  const app = await register('registerApp', { name: 'Sender', appId: 'sender' });
  const agent = { name: 'Answerer', agentId: 'answerer', description: '' };
  const { token: agentToken } = await register('registerAgent', agent);
  return { key, organizationId: organization.id, appToken: app.token, agentToken };
}
