import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeClients, connect } from '../harness/client.ts';
import { violations } from './axe.ts';
import { Visit } from './visit.ts';

let visit: Visit;

beforeAll(async () => {
  visit = await Visit.start();
}, 120_000);
afterAll(async () => {
  await closeClients();
  await visit.close();
});

test('the first steps tick themselves while they are taken, and are gone after the first event', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/sign-in`);
  await visit.signIn('ada@acme.example');
  await page.getByLabel('Organization name').waitFor();
  const organization = await visit.found();
  const athena = await visit.make('Agent', organization, 'Athena');
  const portal = await visit.make('App', organization, 'Portal');
  await page.goto(`${visit.url}/acme`);
  const steps = page.getByRole('region', { name: 'First steps' });
  await steps.getByText('2 of 5 done').waitFor();
  expect(await violations(page)).toEqual([]);
  const agent = await connect(visit.door('agent'), { token: athena.token });
  await steps.getByText('3 of 5 done').waitFor();
  const app = await connect(visit.door('app'), { token: portal.token });
  await steps.getByText('4 of 5 done').waitFor();
  app.send({ type: 'event', agent_id: 'athena', thread_id: 'first', payload: {} });
  await steps.waitFor({ state: 'detached', timeout: 5_000 });
  agent.send({ type: 'reply', event_id: (await agent.find('event')).body['event_id'], content: 'Hello.' });
  await page.getByRole('row').filter({ hasText: 'first' }).getByText('delivered').waitFor();
  expect(visit.complaints).toEqual([]);
});

test('each step leads to where it is taken', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/`);
  await visit.graphql(
    `mutation { createOrganization(input: { name: "Globex", slug: "globex" }) { __typename } }`,
  );
  await page.goto(`${visit.url}/globex`);
  const steps = page.getByRole('region', { name: 'First steps' });
  await steps.getByText('0 of 5 done').waitFor();
  for (const [step, path] of [
    ['Register an agent', 'agents'],
    ['Register an app', 'apps'],
    ['Send the first event', 'console'],
  ] as const)
    expect(await steps.getByRole('link', { name: step }).getAttribute('href')).toBe(`/globex/${path}`);
});
