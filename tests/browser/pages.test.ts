import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeClients } from '../harness/client.ts';
import { violations } from './axe.ts';
import { furnish } from './furnish.ts';
import { dialogs, outside, paths } from './places.ts';
import { Visit } from './visit.ts';

const screenshots = process.env['RELAY_SCREENSHOTS'];
const EMAIL = 'ada@acme.example';

let visit: Visit;
beforeAll(async () => {
  visit = await Visit.start();
  await visit.page.goto(`${visit.url}/sign-in`);
  await visit.signIn(EMAIL);
  await visit.page.getByLabel('Organization name').waitFor();
  await furnish(visit);
  if (screenshots) mkdirSync(screenshots, { recursive: true });
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

const settled = async (): Promise<void> => {
  await visit.page.locator('h1').waitFor();
  await expect.poll(() => visit.page.getByLabel('Loading').count(), { timeout: 10_000 }).toBe(0);
};

async function show(path: string, width: number, theme: 'light' | 'dark'): Promise<void> {
  await visit.page.setViewportSize({ width, height: 900 });
  await visit.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await visit.page.goto(`${visit.url}${path}`);
  await settled();
}

describe.each(['light', 'dark'] as const)('in %s', (theme) => {
  test('every page can be used by everybody (WCAG 2.1 AA)', async () => {
    const found: Record<string, string[]> = {};
    for (const [name, path] of Object.entries(paths)) {
      await show(path, 1440, theme);
      const here = await violations(visit.page);
      if (here.length > 0) found[name] = here;
      if (screenshots)
        await visit.page.screenshot({ path: join(screenshots, `${name}-1440-${theme}.png`), fullPage: true });
    }
    expect(found).toEqual({});
  }, 300_000);

  test('every dialog can be used by everybody, as can the pages before signing in', async () => {
    const { page } = visit;
    const found: Record<string, string[]> = {};
    const look = async (name: string): Promise<void> => {
      const here = await violations(page);
      if (here.length > 0) found[name] = here;
      if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${theme}.png`) });
    };
    for (const [at, opener] of dialogs) {
      await show(paths[at] ?? '', 1440, theme);
      await page.getByRole('button', { name: opener }).first().click();
      await page.getByRole('dialog').waitFor();
      await look(`dialog-${opener.toLowerCase().replaceAll(' ', '-')}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    await page.goto(`${visit.url}/sign-in`);
    await page.getByLabel('E-mail').fill('nobody@acme.example');
    await look('sign-in');
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByLabel('Code', { exact: true }).waitFor();
    await look('sign-in-code');
    await page.context().addCookies(cookies);
    expect(found).toEqual({});
  }, 300_000);
});

/** A path for each route that main.tsx has, or the route it lacks. */
function unvisited(visited: string[]): string[] {
  const main = readFileSync(new URL('../../client/main.tsx', import.meta.url), 'utf8');
  const [top = '', inner = ''] = main.split('path="/:org"');
  const routes = [
    ...[...top.matchAll(/path="([^"]+)"/g)].map(([, path]) => path!),
    ...[...inner.matchAll(/path="([^"]+)"/g)].map(([, path]) => `/:org${path === '*' ? '/*' : path}`),
  ];
  expect(routes.length).toBeGreaterThan(12);
  return routes.filter((route) => {
    const pattern = route.replace(/\/$/, '').replace(/\*|:\w+/g, '[^/]+');
    return !visited.some((path) => new RegExp(`^${pattern}/?$`).test(path.split('?')[0]!));
  });
}

/** Bytes of a script as they travel, compressed by gzip. */
const weighed = new Map<string, number>();
async function weigh(url: string): Promise<number> {
  if (!weighed.has(url)) {
    const body = Buffer.from(await (await fetch(url)).arrayBuffer());
    weighed.set(url, gzipSync(body).byteLength);
  }
  return weighed.get(url)!;
}

test('no page needs more than 130 kB of JavaScript to begin', async () => {
  const page = await visit.page.context().newPage();
  const scripts = new Set<string>();
  const note = (request: Request): void => {
    if (request.resourceType() === 'script') scripts.add(request.url());
  };
  page.on('request', note);
  // What comes later, while the numbers do or once the page is live, is not waited for: nobody gets an answer but to who
  // they are.
  await page.routeWebSocket(/graphql/, () => undefined);
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('query Session') ? route.continue() : undefined,
  );
  const bytes: Record<string, number> = {};
  for (const [name, path] of Object.entries(paths)) {
    scripts.clear();
    await page.goto(visit.url + path);
    await page.locator('h1').waitFor();
    bytes[name] = 0;
    for (const url of scripts) bytes[name] += await weigh(url);
  }
  await page.close();
  expect(Object.values(bytes).filter((size) => size === 0)).toEqual([]);
  expect(Object.entries(bytes).filter(([, size]) => size > 130_000)).toEqual([]);
}, 60_000);

test('no page breaks the Content-Security-Policy or has anything to complain about, signed in or not', async () => {
  const { page, complaints } = visit;
  const all = { ...outside, ...paths };
  const missing = unvisited(Object.values(all));
  expect(missing, `Give pages.test.ts a path for the route ${missing.join(', ')}.`).toEqual([]);
  const found: Record<string, string[]> = {};
  const look = async (name: string, path: string): Promise<void> => {
    complaints.length = 0;
    const answer = await page.goto(`${visit.url}${path}`);
    if (path === '/graphiql') await askThere();
    else await settled();
    const policy = answer?.headers()['content-security-policy'] ?? 'none';
    if (/unsafe|none$|\*/.test(policy)) complaints.push(`policy: ${policy}`);
    if (complaints.length > 0) found[name] = [...complaints];
  };
  for (const [name, path] of Object.entries(all)) await look(name, path);
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  for (const [name, path] of Object.entries(all)) await look(`${name}, signed out`, path);
  await page.context().addCookies(cookies);
  expect(found).toEqual({});
}, 180_000);

/** Runs what GraphiQL begins with. */
async function askThere(): Promise<void> {
  const { page } = visit;
  const response = page.locator('.graphiql-response');
  // It takes clicks before it has read the query that it shows; a click takes an earlier answer away.
  const answered = async (): Promise<string> => {
    const before = await response.innerText();
    if (!before.includes('viewer')) await page.getByRole('button', { name: /Execute query/ }).click();
    return before;
  };
  await expect.poll(answered, { interval: 1_000, timeout: 30_000 }).toContain('viewer');
}

test('this walk hears of what the policy refuses', async () => {
  const { page, complaints } = visit;
  await page.goto(`${visit.url}/sign-in`);
  complaints.length = 0;
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))`,
  );
  await expect.poll(() => complaints.join()).toMatch(/refused by the policy: script-src/);
  complaints.length = 0;
});

test.each([390, 1024])(
  'no page is wider than a screen of %i pixels',
  async (width) => {
    const wide: string[] = [];
    for (const [name, path] of Object.entries(paths)) {
      await show(path, width, 'light');
      if (await visit.page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth'))
        wide.push(name);
      if (screenshots)
        await visit.page.screenshot({
          path: join(screenshots, `${name}-${width}-light.png`),
          fullPage: true,
        });
    }
    expect(wide).toEqual([]);
  },
  300_000,
);

test('what could not be loaded says so, and is never taken for "there is nothing"', async () => {
  const { page } = visit;
  await page.route('**/graphql', (route) =>
    route.request().postData()?.includes('query Session') ? route.continue() : route.abort(),
  );
  for (const name of Object.keys(paths).filter((path) => path !== 'not-found')) {
    await page.goto(`${visit.url}${paths[name]}`);
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByText(/\b(yet|No \w+ match)\b/).count()).toBe(0);
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-failing.png`) });
  }
  await page.unroute('**/graphql');
  await page.goto(`${visit.url}/acme/apps`);
  await page.getByRole('row').filter({ hasText: 'Portal' }).waitFor();
}, 300_000);

test('a page whose code cannot be fetched says so, and leaves the others alone', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/apps`);
  await page.getByRole('row').filter({ hasText: 'Portal' }).waitFor();
  await page.route('**/assets/members-*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByText('This page could not be loaded.').waitFor();
  await page.getByRole('link', { name: 'Apps', exact: true }).click();
  await page.getByRole('row').filter({ hasText: 'Portal' }).waitFor();
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByText('This page could not be loaded.').waitFor();
  await page.unroute('**/assets/members-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('row').filter({ hasText: EMAIL }).first().waitFor();
});

test('a member sees everything, and why nothing can be changed', async () => {
  const { page } = visit;
  await visit.sql(
    `update membership set role = 'member' where user_id = (select id from user_account where email = $1)`,
    [EMAIL],
  );
  await page.goto(`${visit.url}/acme/apps`);
  const button = page.getByRole('button', { name: 'Register New App' });
  await button.waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await button.click({ force: true });
  await page
    .getByRole('tooltip', { name: /Only owners/ })
    .or(page.getByText(/Only owners/).first())
    .waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('a session that is ended elsewhere ends here too, and signing in leads back', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/agents`);
  await page.getByRole('row').filter({ hasText: 'Athena' }).waitFor();
  await visit.sql('delete from session');
  await page.getByLabel('E-mail').waitFor();
  expect(new URL(page.url()).search).toBe('?next=%2Facme%2Fagents');
  await visit.signIn(EMAIL);
  await page.getByRole('row').filter({ hasText: 'Athena' }).waitFor();
});
