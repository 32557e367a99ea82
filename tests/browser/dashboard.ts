import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'dist/client/index.html');

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Builds the dashboard unless it is newer than all it is made of, so that tests never see an old one. Once for the
 * whole run: two builds at a time would empty each other's folder.
 */
export default function setup(): void {
  const sources = ['client', 'vite.config.ts', 'package.json'].map((name) => newest(join(root, name)));
  if (newest(built) >= Math.max(...sources)) return;
  mkdirSync(dirname(built), { recursive: true });
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const run = spawnSync(
    process.execPath,
    [vite, 'build', '--configLoader', 'native', '--logLevel', 'error'],
    {
      cwd: root,
      // Under vitest NODE_ENV is "test", which would build Solid's development version.
      env: { ...process.env, NODE_ENV: 'production' },
      encoding: 'utf8',
    },
  );
  if (run.status !== 0) throw new Error(`The dashboard could not be built: ${run.stderr}`);
}
