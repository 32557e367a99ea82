import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../harness/client.ts';
import { closeClients, connect } from '../harness/client.ts';
import type { Made } from './visit.ts';
import { Visit } from './visit.ts';

const EMAIL = 'ada@acme.example';

let visit: Visit;
let portal: Made;
let athena: Made;
let agent: Client;
let app: Client;
let agentToken = '';

beforeAll(async () => {
  visit = await Visit.start();
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

const dialog = (): Locator => visit.page.getByRole('dialog');
const press = (name: string): Promise<void> =>
  visit.page.getByRole('button', { name, exact: true }).first().click();
const confirm = async (name: string): Promise<void> => {
  await dialog().getByRole('button', { name, exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
};
const focused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === element.ownerDocument.activeElement);
const toAgent = (): Promise<unknown> =>
  visit.page.goto(`${visit.url}/acme/agents/${encodeURIComponent(athena.id)}`);

test('a code can be typed the moment it is asked for, and pasted with a space in it', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/sign-in`);
  await page.getByLabel('E-mail').waitFor();
  await page.keyboard.type(EMAIL);
  await page.keyboard.press('Enter');
  const field = page.getByLabel('Code', { exact: true });
  await field.waitFor();
  expect(await focused(field)).toBe(true);
  const code = visit.code(EMAIL);
  await page.keyboard.type(code === '000000' ? '111111' : '000000');
  await page.getByText('That code is not right. 4 tries left.').waitFor();
  expect(await focused(field)).toBe(true);
  await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.getByLabel('Organization name').waitFor();
  const organization = await visit.found();
  portal = await visit.make('App', organization, 'Portal');
  await visit.make('App', organization, 'Flow');
  athena = await visit.make('Agent', organization, 'Athena');
  agentToken = athena.token;
  agent = await connect(visit.door('agent'), { token: agentToken });
  app = await connect(visit.door('app'), { token: portal.token });
});

test('a dialog takes the focus to its first field and gives it back', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/apps/${encodeURIComponent(portal.id)}`);
  const rename = page.getByRole('button', { name: 'Rename' });
  await rename.focus();
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  await expect.poll(() => focused(page.getByLabel('App Name'))).toBe(true);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await expect.poll(() => focused(rename)).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByLabel('App Name').fill('Portal Two');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Portal Two' }).waitFor();
});

test('a test event opens on its page, and its steps appear while the agent is still answering', async () => {
  const { page } = visit;
  await toAgent();
  await press('Send test event');
  await page.getByLabel('Payload').fill('{"text":');
  await page.getByText('The payload has to be a JSON object.').waitFor();
  await page.getByLabel('Payload').fill('{"text":"Hello"}');
  await page.getByRole('combobox', { name: 'As app' }).click();
  await page.getByRole('option', { name: 'Portal Two' }).click();
  await confirm('Send event');
  const { body } = await agent.find('event');
  expect(body).toMatchObject({ app_id: 'portal', payload: { text: 'Hello' } });
  await page.getByText('sent from the dashboard').waitFor();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByText('Dispatched', { exact: true }).waitFor();
  agent.send({ type: 'token', event_id: body['event_id'], token: 'Well, ' });
  await timeline.getByText('First token', { exact: true }).waitFor();
  await page.locator('h1 [data-status="pending"]').waitFor();
  agent.send({ type: 'reply', event_id: body['event_id'], content: 'Well, hello.' });
  await page.locator('h1 [data-status="delivered"]').waitFor();
});

test('an event is sent again with the very same payload, and each of the two names the other', async () => {
  const { page } = visit;
  const first = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await press('Resend');
  await confirm('Resend');
  const { body } = await agent.find('event');
  expect(body['payload']).toEqual({ text: 'Hello' });
  await page.getByRole('link', { name: first }).waitFor();
  agent.send({ type: 'reply', event_id: body['event_id'], content: 'Again.' });
  await page.getByTestId('reply').filter({ hasText: 'Again.' }).waitFor();
  // The first leads to it as well.
  const again = String(body['event_id']);
  await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: first }).click();
  await page.getByRole('heading', { name: first }).waitFor();
  await page.getByRole('list', { name: 'Sent again as' }).getByRole('link', { name: again }).click();
  await page.getByRole('heading', { name: again }).waitFor();
});

test('an attempt that broke off and the one after it are seen as they happen', async () => {
  const { page } = visit;
  app.send({ type: 'event', agent_id: 'athena', thread_id: 'broken', payload: {} });
  const { body } = await agent.find('event');
  await page.goto(`${visit.url}/acme/events/${String(body['event_id'])}`);
  agent.send({ type: 'token', event_id: body['event_id'], token: 'Half of it' });
  await page.getByTestId('stream').filter({ hasText: 'Half of it' }).waitFor();
  await agent.close();
  agent = await connect(visit.door('agent'), { token: agentToken });
  await agent.find('event', { attempt: 2 });
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByText('Connection lost').waitFor();
  await timeline.getByText('Dispatched · attempt 2').waitFor();
  agent.send({ type: 'token', event_id: body['event_id'], token: 'All of it' });
  await page
    .getByTestId('stream')
    .filter({ hasText: /^All of it$/ })
    .waitFor();
  agent.send({ type: 'reply', event_id: body['event_id'], content: 'All of it.' });
  await page.getByTestId('reply').filter({ hasText: 'All of it.' }).waitFor();
});

test('new events wait while the reader is further down, and what was loaded stays', async () => {
  const { page } = visit;
  const send = (thread: string): void =>
    app.send({ type: 'event', agent_id: 'athena', thread_id: thread, payload: {} });
  for (let n = 1; n <= 120; n += 1) send(`batch-${n}`);
  await agent.find('event', { thread_id: 'batch-60' });
  await page.goto(`${visit.url}/acme/events?thread=batch-1`);
  await page.getByRole('row').filter({ hasText: 'batch-1' }).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  const table = page.getByRole('table', { name: 'Event logs' });
  const size = (): Promise<string | null> => table.getAttribute('aria-rowcount');
  // The list reads on by itself while it is scrolled, down to its end.
  await page.getByRole('row').filter({ hasText: 'batch-120' }).waitFor();
  await page.evaluate('scrollTo(0, 1500)');
  await expect.poll(size).toBe('123');
  const place = await page.evaluate<number>('scrollY');
  send('late');
  const waiting = page.getByRole('button', { name: '1 new event' });
  await waiting.waitFor();
  expect(await size()).toBe('123');
  expect(await page.evaluate<number>('scrollY')).toBe(place);
  await waiting.click();
  const newest = table.locator('tbody tr').first();
  await newest.getByTitle('late').waitFor();
  expect(await size()).toBe('124');
  // The whole row is the link's target, once it has slid in.
  await newest.click({ position: { x: 700, y: 20 } });
  await page.getByRole('region', { name: 'Details' }).getByText('late', { exact: true }).waitFor();
});

test('the first entry of an allowlist and removing its last are asked about, since they turn everything over', async () => {
  const { page } = visit;
  await toAgent();
  const list = page.getByRole('region', { name: 'Allowlist' });
  await list.getByRole('combobox', { name: 'May it be reached by' }).click();
  await list.getByRole('option', { name: 'Portal Two' }).click();
  await list.getByText('Yes: Portal Two may reach Athena. The agent is open to every app.').waitFor();
  await list.getByRole('button', { name: 'Choose apps' }).click();
  await dialog().getByRole('checkbox', { name: 'Flow' }).check();
  await dialog().getByText('Until now every app may reach Athena').waitFor();
  await confirm('Save allowlist');
  await expect.poll(() => focused(list.getByRole('button', { name: 'Choose apps' }))).toBe(true);
  await list
    .getByText("No: Portal Two cannot reach Athena. The app is not on the agent's allowlist.")
    .waitFor();
  app.send({ type: 'event', agent_id: 'athena', thread_id: 'refused', payload: {} });
  expect((await app.find('error')).body['code']).toBe('NOT_ALLOWED');
  // Why it was refused stands on the page, with the way out beside it.
  await page.reload();
  const wrong = page.getByRole('region', { name: 'What went wrong' });
  await wrong.getByRole('link', { name: 'NOT_ALLOWED' }).waitFor();
  await wrong.getByRole('button', { name: 'Allow Portal Two' }).click();
  await list.getByRole('button', { name: 'Remove Portal Two' }).waitFor();
  await wrong.getByText('gets through now').waitFor();
  await list.getByRole('button', { name: 'Remove Flow' }).click();
  await list.getByRole('button', { name: 'Remove Flow' }).waitFor({ state: 'detached' });
  await list.getByRole('button', { name: 'Remove Portal Two' }).click();
  await dialog().getByText('Without it, every app of Acme Corp may reach Athena').waitFor();
  await confirm('Remove and open');
  await list.getByText('No restriction').waitFor();
});

test('an agent is edited, and a refused number is told beside its field', async () => {
  const { page } = visit;
  await press('Edit');
  await page.getByLabel('Timeout (seconds)').fill('');
  await page.getByText('Enter a number.').waitFor();
  await page.getByLabel('Timeout (seconds)').fill('0');
  await press('Save');
  await dialog().getByText('Use a whole number from 1').waitFor();
  await page.getByLabel('Timeout (seconds)').fill('90');
  await page.getByLabel('Agent Name').fill('Athena Two');
  await confirm('Save');
  await page.getByRole('heading', { name: 'Athena Two' }).waitFor();
  await page.getByRole('region', { name: 'Configuration' }).getByText('1m 30s').waitFor();
});

test('a token shown once survives Escape and a click beside it, and the next rotation says what it ends', async () => {
  const { page } = visit;
  await press('Rotate Token');
  await dialog().getByRole('button', { name: 'Rotate Token' }).click();
  const secret = await page.getByTestId('secret').innerText();
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await dialog().getByRole('button', { name: 'Done' }).click({ force: true });
  expect(await page.getByTestId('secret').innerText()).toBe(secret);
  expect(await visit.takeSecret()).toBe(secret);
  await press('Rotate Token');
  await dialog().getByText('rotate again, and 1 connected instance loses access.').waitFor();
  await page.keyboard.press('Escape');
  await press('Revoke old token now');
  await dialog().getByText('1 connected instance uses it and will be cut off.').waitFor();
  await confirm('Revoke old token');
  expect((await agent.closed).code).toBe(4401);
  agentToken = secret;
  agent = await connect(visit.door('agent'), { token: agentToken });
});

test('an API key works from when it is shown until it is revoked', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/settings`);
  await press('Create key');
  await page.getByLabel('Name', { exact: true }).fill('Deploy script');
  await dialog().getByRole('button', { name: 'Create key' }).click();
  const key = await visit.takeSecret();
  const ask = async (): Promise<string> => {
    const response = await fetch(`${visit.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{"query":"{ organization(slug: \\"acme\\") { name } }"}',
    });
    return response.text();
  };
  expect(await ask()).toContain('Acme Corp');
  const row = page.getByRole('row').filter({ hasText: 'Deploy script' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await confirm('Revoke key');
  await row.getByText('revoked').waitFor();
  expect(await ask()).not.toContain('Acme Corp');
});

test('the theme is the one that was chosen, also after a reload and before the first paint', async () => {
  const { page } = visit;
  await press('Dark');
  await page.reload({ waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  await press('As the system');
});

test('the browser had nothing to complain about', () => {
  expect(visit.complaints).toEqual([]);
});

test('a page left open says when the server is gone, and goes on by itself when it is back', async () => {
  const { page } = visit;
  await toAgent();
  const badge = page.getByRole('region', { name: 'Connection Status' });
  await badge.locator('[data-connected="true"]').waitFor();
  await visit.restart(() => page.getByText('Live updates are interrupted. Reconnecting…').waitFor());
  await page.getByText('Live updates are interrupted').waitFor({ state: 'detached' });
  await badge.locator('[data-connected="false"]').waitFor();
  agent = await connect(visit.door('agent'), { token: agentToken });
  await badge.locator('[data-connected="true"]').waitFor();
}, 40_000);

test('five wrong codes lock this browser out for a while, and it is told how long', async () => {
  const { page } = visit;
  await press('Sign out');
  await page.getByLabel('E-mail').fill(EMAIL);
  await press('Send code');
  await page.getByLabel('Code', { exact: true }).waitFor();
  const wrong = visit.code(EMAIL) === '000000' ? '111111' : '000000';
  for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
    await page.keyboard.type(wrong);
    await page.getByText(`${left} left.`).waitFor();
  }
  await page.keyboard.type(wrong);
  await page.getByText(/You can try again in 1[45]:\d\d\./).waitFor();
  expect(await page.getByLabel('Code', { exact: true }).isDisabled()).toBe(true);
});
