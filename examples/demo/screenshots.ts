import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../tests/browser/browser.ts';
import { owner } from './acme.ts';

// Photographs a demo at work, light and dark: `npm run screenshots [folder]`, docs/images/ by default.

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
/** Long enough for failures, rejections and an absence to have happened. */
const WARM_UP_MS = Number(process.env['WARM_UP_SECONDS'] ?? 90) * 1_000;

mkdirSync(folder, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'relay-screenshots-'));
chmodSync(data, 0o755);
const demo = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../server/preflight.mjs', import.meta.url)), 'demo'],
  {
    env: { ...process.env, RELAY_DATA_DIR: data, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const lines = createInterface({ input: demo.stdout });
const ended = new Promise((resolve) => demo.once('close', resolve));

/** The first group of the next line that matches. */
function printed(pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    lines.on('line', function read(line) {
      const found = pattern.exec(line)?.[1];
      if (found === undefined) return;
      lines.off('line', read);
      resolve(found);
    });
  });
}

async function photograph(browser: Browser, url: string, colorScheme: 'light' | 'dark'): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(owner);
  const code = printed(/^Sign-in code for .*: (\d{6})$/);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).fill(await code);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const take = async (name: string, awaited: string): Promise<void> => {
    await page.getByRole('main').getByText(awaited, { exact: true }).first().waitFor();
    // Charts draw themselves in a frame or two after their numbers came.
    await pause(1_500);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  };
  await page.goto(`${url}/acme/apps`);
  await page.getByRole('main').getByText('Portal').first().click();
  await take('app', 'delivered');
  await page.goto(`${url}/acme/events`);
  const row = page.getByRole('row').filter({ has: page.getByText('delivered', { exact: true }) });
  await row.getByRole('link').first().click();
  await take('event', 'Timeline');
  await context.close();
}

const browser = await openBrowser();
try {
  const url = await printed(/Open\s+(http:\S+)/);
  await pause(WARM_UP_MS);
  await photograph(browser, url, 'light');
  await photograph(browser, url, 'dark');
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}
