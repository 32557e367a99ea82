import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, freePort, onPath, startInstalled, startNode, temporaryFolder } from './processes.ts';
import type { Subject } from './processes.ts';

/** JetStream as it comes: files written, synced every two minutes. Null when it is not installed. */
export async function startNats(): Promise<Subject | null> {
  const command = onPath('nats-server');
  if (!command) return null;
  const folder = temporaryFolder('nats');
  const port = await freePort();
  const args = ['-js', '-sd', folder.path, '-a', '127.0.0.1', '-p', String(port)];
  const server = await startInstalled(command, args, 'Server is ready');
  return {
    name: 'NATS JetStream',
    url: `127.0.0.1:${port}`,
    pid: server.pid,
    async close() {
      await server.close();
      folder.remove();
    },
  };
}

/** The script under the one on the path, which insists on an account of its own and on the machine's own broker. */
const RABBIT = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** A RabbitMQ with everything of its own, its port mapper included. Null when it is not installed. */
export async function startRabbit(): Promise<Subject | null> {
  const installed = onPath('rabbitmq-server');
  const epmd = onPath('epmd');
  if (!installed || !epmd) return null;
  const folder = temporaryFolder('rabbit');
  const [port, mapper, distribution] = [await freePort(), await freePort(), await freePort()].map(String);
  const mapping = spawn(epmd, ['-address', '127.0.0.1', '-port', mapper ?? ''], { stdio: 'ignore' });
  const server = await startInstalled(
    existsSync(RABBIT) ? RABBIT : installed,
    [],
    'Server startup complete',
    {
      HOME: folder.path,
      ERL_EPMD_PORT: mapper,
      RABBITMQ_DIST_PORT: distribution,
      RABBITMQ_NODENAME: 'relay-bench@localhost',
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: port,
      RABBITMQ_MNESIA_BASE: join(folder.path, 'data'),
      RABBITMQ_LOG_BASE: join(folder.path, 'log'),
      RABBITMQ_PID_FILE: join(folder.path, 'pid'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder.path, 'plugins'),
      RABBITMQ_CONFIG_FILE: join(folder.path, 'rabbitmq'),
      RABBITMQ_LOGS: '-',
    },
  );
  return {
    name: 'RabbitMQ',
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    pid: server.pid,
    async close() {
      // The script around it passes no signal on; the broker's own process is in its pid file.
      await server.close(Number(readFileSync(join(folder.path, 'pid'), 'utf8')));
      await ended(mapping, 'SIGTERM');
      folder.remove();
    },
  };
}

export async function startSocketio(): Promise<Subject> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startNode('socket.io', 'bench/roundtrip/socketioServer.ts', [String(port)], { url });
}

/** What of these is installed, as they say it themselves. */
export function installedVersions(): string[] {
  const nats = onPath('nats-server');
  return nats ? [execFileSync(nats, ['--version'], { encoding: 'utf8' }).trim()] : [];
}
