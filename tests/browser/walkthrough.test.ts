import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../harness/client.ts';
import { closeClients, connect, refused } from '../harness/client.ts';
import { Visit } from './visit.ts';

let visit: Visit;
let agent: Client;
let app: Client;
let token = '';
let newToken = '';

beforeAll(async () => {
  visit = await Visit.start();
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

const badge = (connected: boolean) =>
  visit.page.getByRole('region', { name: 'Connection Status' }).locator(`[data-connected="${connected}"]`);

test('a deep link survives signing in, and the first person makes the organization', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/apps`);
  await visit.signIn('ada@acme.example');
  // There is no such organization yet, so the address leads nowhere, and home leads to making one.
  await page.getByText('Page not found').waitFor();
  await page.getByRole('link', { name: 'Back to the overview' }).click();
  await page.getByLabel('Organization name').fill('Acme Corp');
  expect(await page.getByLabel('Address').inputValue()).toBe('acme-corp');
  await page.getByLabel('Address').fill('acme');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/acme');
});

test('an agent is registered and connects with the token it was shown', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await page.getByRole('button', { name: 'Register New Agent' }).first().click();
  await page.getByLabel('Agent Name').fill('Athena');
  expect(await page.getByLabel('Agent ID').inputValue()).toBe('athena');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  const agentToken = await visit.takeSecret();
  expect(agentToken).toMatch(/^rla_athena_[0-9a-z]{57}$/);
  await badge(false).waitFor();
  agent = await connect(visit.door('agent'), { token: agentToken });
  await badge(true).waitFor();
});

test('an App ID is checked while it is typed, and names such as "Test" get a hint', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Apps', exact: true }).click();
  await page.getByRole('button', { name: 'Register New App' }).first().click();
  await page.getByLabel('App Name').fill('Test');
  await page.getByText('will be hard to tell apart later').waitFor();
  await page.getByLabel('App ID').fill('My_app');
  await page.getByText('Use lowercase letters only.').waitFor();
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  expect(await page.getByTestId('secret').count()).toBe(0);
});

test('an app is registered and its token is shown once, with its .env line', async () => {
  const { page } = visit;
  await page.getByLabel('App Name').fill('Portal');
  await page.getByLabel('App ID').fill('portal');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  const line = await page.getByTestId('env-line').innerText();
  token = await visit.takeSecret();
  expect(line).toBe(`RELAY_APP_TOKEN=${token}`);
  expect(token).toMatch(/^rlk_portal_[0-9a-z]{57}$/);
  await page.getByRole('heading', { name: 'Portal' }).waitFor();
});

test('the token is nowhere in the page, its address, its storage or its memory once the dialog is closed', async () => {
  const { page } = visit;
  const secret = token.slice(-45);
  expect(page.url()).not.toContain(secret);
  expect(await page.content()).not.toContain(secret);
  const kept = await page.evaluate<string>(
    'JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])',
  );
  expect(kept).not.toContain(secret);
  const heap = await visit.heap();
  expect(heap).toContain('Agents This App Can Reach');
  expect(heap.includes(secret)).toBe(false);
});

test('the badge turns live when the app connects', async () => {
  await badge(false).waitFor();
  app = await connect(visit.door('app'), { token });
  await badge(true).waitFor();
});

test('an event appears as it happens, and its page streams the answer', async () => {
  const { page } = visit;
  const payload = '{"text":"Hello","id":90071992547409931234,"ratio":1.0}';
  app.send(`{"type":"event","agent_id":"athena","thread_id":"task-123","payload":${payload}}`);
  const { body } = await agent.find('event');
  const eventId = String(body['event_id']);
  const row = page.getByRole('row').filter({ hasText: 'task-123' });
  await row.locator('[data-status="pending"]').waitFor();
  await row.getByRole('link').click();
  await page.getByRole('heading', { name: eventId }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/acme/events/${eventId}`);
  for (const piece of ['One ', 'word ', 'at a time.'])
    agent.send({ type: 'token', event_id: eventId, token: piece });
  await page.getByTestId('stream').filter({ hasText: 'One word at a time.' }).waitFor();
  agent.send({ type: 'reply', event_id: eventId, content: 'One word at a time.\nAnd "quotes".' });
  await page.locator('h1 [data-status="delivered"]').waitFor();
  expect(await page.getByTestId('reply').innerText()).toBe('One word at a time.\nAnd "quotes".');
  const timeline = page.getByRole('region', { name: 'Timeline' });
  for (const step of ['Accepted', 'Dispatched', 'First token', 'Replied', 'Handed over'])
    await timeline.getByText(step, { exact: true }).last().waitFor();
  const shown = page.getByRole('region', { name: 'Payload' });
  await shown.getByText('90071992547409931234').waitFor();
  await shown.getByRole('button', { name: 'Raw', exact: true }).click();
  expect(await shown.locator('pre').innerText()).toBe(payload);
});

test('after rotating, both tokens work and the page says who still uses the old one', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Portal' }).click();
  await page.getByRole('button', { name: 'Rotate Token' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate Token' }).click();
  newToken = await visit.takeSecret();
  expect(newToken).not.toBe(token);
  const tokens = page.getByRole('region', { name: 'Tokens' });
  await tokens.getByText('1 of 1 instance still uses the old token.').waitFor();
  await tokens.getByText(/^ends in 59:\d\d$/).waitFor();
  const second = await connect(visit.door('app'), { token: newToken });
  await tokens.getByText('1 of 2 instances still use the old token.').waitFor();
  const moved = tokens.getByRole('progressbar', { name: 'Instances that use the new token' });
  expect(await moved.getAttribute('aria-valuetext')).toBe('1 of 2');
  const instances = page.getByRole('table', { name: 'Instances' });
  await instances
    .getByRole('row')
    .filter({ hasText: newToken.slice(-57, -45) })
    .waitFor();
  await instances.getByRole('row').filter({ hasText: 'old token' }).waitFor();
  await (await connect(visit.door('app'), { token })).close();
  await app.close();
  await tokens.getByText('The one instance uses the new token.').waitFor();
  app = second;
});

test('deactivating closes the socket and refuses the token, reactivating lets it in again', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Deactivate App' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate App' }).click();
  expect((await app.closed).code).toBe(4403);
  await badge(false).waitFor();
  expect((await refused(visit.door('app'), { token: newToken })).status).toBe(403);
  await page.getByRole('button', { name: 'Reactivate App' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate App' }).click();
  await page.getByRole('button', { name: 'Deactivate App' }).waitFor();
  app = await connect(visit.door('app'), { token: newToken });
  await badge(true).waitFor();
});

test('event logs keep their filters in the address', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Event logs' }).first().click();
  await page.getByRole('row').filter({ hasText: 'task-123' }).waitFor();
  await page.getByLabel('Status', { exact: true }).selectOption('failed');
  await page.getByText('No events match').waitFor();
  expect(new URL(page.url()).search).toBe('?status=failed');
  await page.reload();
  await page.getByText('No events match').waitFor();
  app.send({ type: 'event', agent_id: 'athena', thread_id: 'task-9', payload: {} });
  const { body } = await agent.find('event', { thread_id: 'task-9' });
  agent.send({ type: 'error', event_id: body['event_id'], error: 'No.', code: 'AGENT_ERROR' });
  await page.getByRole('row').filter({ hasText: 'AGENT_ERROR' }).waitFor();
});

test('signing out ends the session in this browser', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Relay' }).waitFor();
  await page.goto(`${visit.url}/acme/apps`);
  await page.getByLabel('E-mail').waitFor();
  expect(new URL(page.url()).search).toBe('?next=%2Facme%2Fapps');
});

test('the browser had nothing to complain about on the whole way', () => {
  expect(visit.complaints).toEqual([]);
});
