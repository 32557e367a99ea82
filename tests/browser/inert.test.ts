import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../harness/client.ts';
import { closeClients, connect } from '../harness/client.ts';
import { Visit } from './visit.ts';

/** What would run if any page put it into HTML: as markup, out of an attribute, or as an address. */
const MARKUP = `"><img src=x onerror="window.broken=1"><script>window.broken=1</script>`;
const ADDRESS = 'javascript:window.broken=1';

let visit: Visit;
let app: Client;
let agent: Client;
const ids = { app: '', agent: '' };

beforeAll(async () => {
  visit = await Visit.start();
  const { page } = visit;
  page.on('dialog', () => visit.complaints.push('a dialog'));
  await page.goto(`${visit.url}/sign-in`);
  await visit.signIn('ada@acme.example');
  await page.getByLabel('Organization name').waitFor();
  const organizationId = await visit.found();
  const [one, other] = [
    await visit.make('App', organizationId, 'Portal'),
    await visit.make('Agent', organizationId, 'Athena'),
  ];
  Object.assign(ids, { app: one.id, agent: other.id });
  const change = (name: string, input: object) => {
    const type = name[0]!.toUpperCase() + name.slice(1);
    return visit.graphql(`mutation M($input: ${type}Input!) { ${name}(input: $input) { __typename } }`, {
      input,
    });
  };
  await change('updateApp', { id: one.id, name: MARKUP.slice(0, 80) });
  await change('updateAgent', {
    id: other.id,
    name: MARKUP.slice(0, 80),
    description: `${MARKUP} ${ADDRESS}`,
  });
  await change('createApiKey', { organizationId, name: MARKUP.slice(0, 80) });
  await change('updateOrganization', { id: organizationId, name: MARKUP.slice(0, 80) });
  agent = await connect(visit.door('agent'), {
    token: other.token,
    headers: { 'user-agent': MARKUP },
  });
  app = await connect(visit.door('app'), { token: one.token, headers: { 'user-agent': MARKUP } });
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

async function ask(thread: string): Promise<string> {
  app.send({
    type: 'event',
    agent_id: 'athena',
    thread_id: thread,
    payload: { [MARKUP]: MARKUP, link: ADDRESS, __proto__: { x: MARKUP } },
  });
  const { body } = await agent.find('event');
  return String(body['event_id']);
}

async function inert(): Promise<void> {
  expect(await visit.page.evaluate<unknown>('window.broken')).toBeUndefined();
  expect(await visit.page.locator('img[src="x"]').count()).toBe(0);
  expect(await visit.page.locator('a[href^="javascript:"]').count()).toBe(0);
  expect(visit.complaints).toEqual([]);
}

test('markup in a payload, in tokens and in a reply is shown as the text it is', async () => {
  const { page } = visit;
  const id = await ask(MARKUP);
  await page.goto(`${visit.url}/acme/events/${id}`);
  await page.getByRole('heading', { name: id }).waitFor();
  agent.send({ type: 'token', event_id: id, token: MARKUP });
  await page.getByTestId('stream').filter({ hasText: MARKUP }).waitFor();
  agent.send({ type: 'reply', event_id: id, content: MARKUP, metadata: { model: MARKUP, tokens_used: 1 } });
  await page.locator('h1 [data-status="delivered"]').waitFor();
  expect(await page.getByTestId('reply').innerText()).toBe(MARKUP);
  await page.getByRole('region', { name: 'Payload' }).getByText('window.broken').first().waitFor();
  await inert();
});

test('so is markup in an error, and in names, descriptions, threads and what clients call themselves', async () => {
  const { page } = visit;
  const id = await ask(`${MARKUP} again`);
  agent.send({ type: 'error', event_id: id, error: MARKUP, code: 'A"><img src=x>' });
  await app.find('error', { event_id: id });
  for (const path of [
    '',
    '/apps',
    `/apps/${encodeURIComponent(ids.app)}`,
    '/agents',
    `/agents/${encodeURIComponent(ids.agent)}`,
    '/events',
    `/events/${id}`,
    `/events?thread=${encodeURIComponent(MARKUP)}&status=${encodeURIComponent(MARKUP)}`,
    '/members',
    '/audit',
    `/audit?actor=${encodeURIComponent(MARKUP)}`,
    '/settings',
    `/${encodeURIComponent('"><b>nowhere')}`,
  ]) {
    await page.goto(`${visit.url}/acme${path}`);
    await page.locator('h1').waitFor();
    await expect.poll(() => page.getByLabel('Loading').count(), { timeout: 10_000 }).toBe(0);
    await inert();
  }
}, 120_000);

test.each([
  'https://evil.example/',
  '//evil.example/',
  'javascript:window.broken=1',
  '/\\evil.example',
  'https:evil.example',
])('signing in never leads away from Relay, whatever the address asks for: %s', async (next) => {
  const { page } = visit;
  await page.goto(`${visit.url}/sign-in?next=${encodeURIComponent(next)}`);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  expect(new URL(page.url()).origin).toBe(new URL(visit.url).origin);
  await inert();
});
