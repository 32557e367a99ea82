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

test('what happens after the first event does not have the page asked for again, whichever step is left', async () => {
  const { page } = visit;
  const made = await visit.graphql(
    `mutation { createOrganization(input: { name: "Initech", slug: "initech" }) {
      ... on CreateOrganizationSuccess { organization { id } } } }`,
  );
  const { organization } = made['createOrganization'] as unknown as { organization: { id: string } };
  const portal = await visit.make('App', organization.id, 'Portal');
  await visit.make('Agent', organization.id, 'Athena');
  const app = await connect(visit.door('app'), { token: portal.token });
  const send = (thread: string) =>
    app.send({ type: 'event', agent_id: 'athena', thread_id: thread, payload: {} });
  send('first');
  await page.goto(`${visit.url}/initech`);
  await page.getByText('4 of 5 done').waitFor();
  let asked = 0;
  page.on('request', (request) => {
    if (request.postData()?.includes('query Overview')) asked += 1;
  });
  for (let n = 0; n < 20; n += 1) {
    send(`later-${n}`);
    await page
      .getByRole('row')
      .filter({ hasText: `later-${n}` })
      .waitFor();
  }
  // Once in ten seconds it is asked for anyway.
  expect(asked).toBeLessThan(5);
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
