import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bundled from '@sparticuz/chromium';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = join(root, 'dist/client/index.html');

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds the dashboard unless it is newer than all it is made of, so that tests never see an old one. */
export function buildDashboard(): void {
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

const installed = [
  process.env['CHROME_PATH'],
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
].find((path) => path && existsSync(path));

/** An installed Chrome where there is one, else the one that came with the packages. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: installed ?? (await bundled.executablePath()),
    // As root Chrome refuses to start with its sandbox; only pages of this test's own server are opened.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--headless=shell'],
  });
}
