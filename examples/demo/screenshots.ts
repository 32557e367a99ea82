import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../tests/browser/browser.ts';
import { owner } from './acme.ts';

// Photographs every page of a demo at work, light and dark, wide and narrow: `npm run screenshots [folder]`, docs/images/ by default.

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
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

type Theme = 'light' | 'dark';

/** A page, and a text that stands in it once everything is there. Those without an address are reached by a click. */
const pages: [name: string, path: string, awaited: string][] = [
  ['overview', '/acme?range=1h', 'Needs attention'],
  ['apps', '/acme/apps', 'Portal'],
  ['agents', '/acme/agents', 'athena'],
  ['events', '/acme/events', 'delivered'],
  ['console', '/acme/console', 'Console'],
  ['members', '/acme/members', 'Members'],
  ['audit-log', '/acme/audit', 'Registered app'],
  ['settings', '/acme/settings', 'API keys'],
];

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill(owner);
  const code = printed(/^Sign-in code for .*: (\d{6})$/);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code', { exact: true }).fill(await code);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

/** Every page in one theme, wide and narrow. */
async function photograph(browser: Browser, url: string, colorScheme: Theme): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: WIDE });
  const page = await context.newPage();
  await signIn(page, url);
  const take = async (name: string, awaited: string): Promise<void> => {
    for (const [viewport, suffix] of [
      [WIDE, ''],
      [NARROW, '-narrow'],
    ] as const) {
      await page.setViewportSize(viewport);
      await page.getByRole('main').getByText(awaited).filter({ visible: true }).first().waitFor();
      // Charts draw themselves in a frame or two after their numbers came.
      await pause(1_500);
      await page.screenshot({ path: join(folder, `${name}${suffix}-${colorScheme}.png`) });
    }
    await page.setViewportSize(WIDE);
  };
  for (const [name, path, awaited] of pages) {
    await page.goto(url + path);
    await take(name, awaited);
  }
  for (const [name, list, link, awaited] of [
    ['app', '/acme/apps', 'Portal', 'Event History'],
    ['agent', '/acme/agents', 'Athena', 'Allowlist'],
  ] as const) {
    await page.goto(url + list);
    await page.getByRole('main').getByRole('link', { name: link }).first().click();
    await take(name, awaited);
  }
  await page.goto(`${url}/acme/events`);
  const row = page.getByRole('row').filter({ has: page.getByText('delivered', { exact: true }) });
  const path = await row.getByRole('link').first().getAttribute('href');
  await page.goto(url + path);
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
