import { existsSync } from 'node:fs';
import bundled from '@sparticuz/chromium';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

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

export { default as buildDashboard } from './dashboard.ts';
