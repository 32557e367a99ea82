import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../harness/client.ts';
import { closeClients, connect } from '../harness/client.ts';
import { violations } from './axe.ts';
import type { Made } from './visit.ts';
import { Visit } from './visit.ts';

let visit: Visit;
let portal: Made;
let athena: Made;
let app: Client;
let agent: Client;

beforeAll(async () => {
  visit = await Visit.start();
  await visit.page.goto(`${visit.url}/sign-in`);
  await visit.signIn('ada@acme.example');
  await visit.page.getByLabel('Organization name').waitFor();
  const organization = await visit.found();
  portal = await visit.make('App', organization, 'Portal');
  await visit.make('App', organization, 'Studio');
  athena = await visit.make('Agent', organization, 'Athena');
  agent = await connect(visit.door('agent'), { token: athena.token });
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

const dialog = (): Locator => visit.page.getByRole('dialog');
const focused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === element.ownerDocument.activeElement);
const row = (text: string): Locator => visit.page.getByRole('row').filter({ hasText: text });
const toApp = (): Promise<unknown> =>
  visit.page.goto(`${visit.url}/acme/apps/${encodeURIComponent(portal.id)}`);
const attention = (): Locator => visit.page.getByRole('region', { name: 'Needs attention' });

test('a list shows who connects as it happens, and nothing in it moves', async () => {
  await visit.page.goto(`${visit.url}/acme/apps`);
  await row('Portal').getByText('never connected').waitFor();
  const before = await row('Studio').boundingBox();
  app = await connect(visit.door('app'), { token: portal.token });
  await row('Portal').getByText('Connected', { exact: true }).waitFor();
  const second = await connect(visit.door('app'), { token: portal.token });
  await row('Portal').getByText('×2').waitFor();
  await row('Portal')
    .getByText(/^for \d+s$/)
    .waitFor();
  expect(await row('Studio').boundingBox()).toEqual(before);
  await second.close();
  await row('Portal').getByText('×2').waitFor({ state: 'detached' });
});

test('a list shows how the last day went', async () => {
  app.send({ type: 'event', agent_id: 'athena', thread_id: 'good', payload: {} });
  const { body } = await agent.find('event');
  agent.send({ type: 'reply', event_id: body['event_id'], content: 'Yes.' });
  await app.find('reply');
  app.send({ type: 'event', agent_id: 'nobody', thread_id: 'lost', payload: {} });
  await app.find('error');
  await visit.page.reload();
  await row('Portal').getByText('100%').waitFor();
  const label = 'Last 24 hours: 2 events, 1 failed or rejected';
  await row('Portal').getByRole('img', { name: label }).waitFor();
});

test('what needs attention is named on the overview and leads to the very events', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme`);
  await attention().getByText('had 1 event rejected in the last 24 hours').waitFor();
  await attention().getByRole('link', { name: 'Portal' }).click();
  await page.waitForURL(/\/events\?/);
  await row('AGENT_NOT_FOUND').waitFor();
  const { searchParams } = new URL(page.url());
  expect([searchParams.get('app'), searchParams.get('status')]).toEqual([portal.id, 'rejected']);
});

test('who goes away is named at once, and no longer when it is back', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme`);
  await attention().getByText('had 1 event rejected').waitFor();
  await app.close();
  const gone = attention().locator('[data-attention="disconnected"]');
  await gone.getByText(/is disconnected, last connected \d+s ago/).waitFor();
  app = await connect(visit.door('app'), { token: portal.token });
  await gone.waitFor({ state: 'detached' });
});

test('a chart can be read as a table', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  await page.getByRole('button', { name: 'Events as a table' }).click();
  const table = page.getByRole('table', { name: 'Events', exact: true });
  await table.getByRole('columnheader', { name: 'rejected' }).waitFor();
  await expect.poll(() => table.getByRole('row').count()).toBe(61);
  expect(await table.getByRole('cell', { name: '1', exact: true }).count()).toBeGreaterThan(0);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Events as a table' }).click();
  await table.waitFor({ state: 'detached' });
});

test('a token older than 90 days asks to be rotated, and the focus comes back from the dialog', async () => {
  await visit.sql(`update app_token set created_at = now() - interval '97 days' where app_id in
    (select id from app where slug = 'portal')`);
  await toApp();
  const tokens = visit.page.getByRole('region', { name: 'Tokens' });
  await tokens.getByText('This token is 97 days old.').waitFor();
  const rotate = tokens.getByRole('button', { name: 'Rotate it now' });
  await rotate.click();
  await dialog().getByText('How long does the old token keep working?').waitFor();
  await visit.page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await expect.poll(() => focused(rotate)).toBe(true);
});

test('the quick start is written for this very app and an agent it can reach', async () => {
  await toApp();
  const start = visit.page.getByRole('region', { name: 'Quick start', exact: true });
  await start.getByText('export RELAY_APP_TOKEN=rlk_portal_…').waitFor();
  for (const [tongue, text] of [
    ['wscat', 'npx wscat -c'],
    ['Node', "import WebSocket from 'ws'"],
    ['Python', 'import websocket'],
  ] as const) {
    await start.getByRole('button', { name: tongue, exact: true }).click();
    const code = await start.getByRole('region', { name: `${tongue} code` }).innerText();
    expect(code).toContain(text);
    expect(code).toContain(`${visit.url.replace('http', 'ws').replace('127.0.0.1', 'localhost')}/v1/ws/app`);
    expect(code).toContain('athena');
  }
});

test('many apps are allowed at once, and unticking the last one says that it opens the agent to all', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/agents/${encodeURIComponent(athena.id)}`);
  const list = page.getByRole('region', { name: 'Allowlist' });
  await list.getByRole('button', { name: 'Choose apps' }).click();
  await dialog().getByRole('checkbox', { name: 'Portal' }).check();
  await dialog().getByRole('checkbox', { name: 'Studio' }).check();
  await dialog().getByText('2 ticked').waitFor();
  await dialog().getByRole('button', { name: 'Save allowlist' }).click();
  // At once, and not when the page next asks for what others changed.
  await list.getByRole('button', { name: 'Remove Portal' }).waitFor({ timeout: 5_000 });
  await list.getByRole('button', { name: 'Remove Studio' }).waitFor({ timeout: 5_000 });
  await dialog().waitFor({ state: 'detached' });
  await list.getByRole('button', { name: 'Choose apps' }).click();
  await dialog().getByLabel('Search apps').fill('stud');
  await expect.poll(() => dialog().getByRole('checkbox').count()).toBe(1);
  await dialog().getByRole('checkbox', { name: 'Studio' }).uncheck();
  await dialog().getByLabel('Search apps').fill('');
  await dialog().getByRole('checkbox', { name: 'Portal' }).uncheck();
  await dialog().getByText('every app of the organization may reach Athena').waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog().getByRole('button', { name: 'Open to every app' }).click();
  await list.getByText('No restriction').waitFor();
});

test('the browser had nothing to complain about', () => {
  expect(visit.complaints).toEqual([]);
});
