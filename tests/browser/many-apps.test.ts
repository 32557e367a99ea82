import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { useStage } from './stage.ts';

const APPS = 120;

/** An organisation with more apps and agents than any page of a list holds; its first agent is for all of these apps. */
const stage = useStage();

beforeAll(async () => {
  await stage.crowd(APPS);
  await stage.visit.sql(
    `insert into agent (id, organization_id, slug, name, created_at)
     select gen_random_uuid(), o.id, 'zeta-' || lpad(n::text, 3, '0'), 'Zeta ' || n, now()
       from organization o, generate_series(1, $1::int) n`,
    [APPS],
  );
  await stage.visit.page.goto(`${stage.visit.url}/acme/agents`);
  await stage.visit.page.getByRole('link', { name: 'Athena' }).click();
  await list().getByText('App 1', { exact: true }).waitFor();
});

const list = (): Locator => stage.visit.page.getByRole('region', { name: 'Allowlist' });
const entries = (): Locator => list().getByRole('button', { name: /^Remove App / });
const remove = (name: string): Locator => list().getByRole('button', { name: `Remove ${name}`, exact: true });
const picker = (name: string): Locator => stage.visit.page.getByRole('combobox', { name, exact: true });
/** Finds one by a part of its name or id, and chooses it. */
async function pick(label: string, part: string, name: string): Promise<void> {
  await picker(label).click();
  await picker(label).fill(part);
  await stage.visit.page.getByRole('option', { name, selected: true }).waitFor();
  await picker(label).press('Enter');
  await expect.poll(() => picker(label).inputValue()).toBe(name);
}
const choice = (name: string): Locator => stage.dialog().getByRole('checkbox', { name });

test('an allowlist is shown to its end, and removing an entry neither loses nor doubles another', async () => {
  const { page } = stage.visit;
  await expect.poll(() => entries().count()).toBe(50);
  await list().getByRole('button', { name: 'Load more' }).click();
  await expect.poll(() => entries().count()).toBe(100);
  await list().getByRole('button', { name: 'Load more' }).click();
  await expect.poll(() => entries().count()).toBe(APPS);
  await list().getByRole('button', { name: 'Load more' }).waitFor({ state: 'hidden' });
  // A page that nobody sees reads nothing anew by the clock: what is shown now comes of the removal alone.
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: true })`);
  // On the first page: the pages behind it move up by one.
  await remove('App 20').click();
  await expect.poll(() => entries().count()).toBe(APPS - 1);
  await page.evaluate('delete document.hidden');
  expect(await remove('App 20').count()).toBe(0);
  const names = await entries().evaluateAll((buttons) =>
    buttons.map((each) => each.getAttribute('aria-label')),
  );
  expect(new Set(names).size).toBe(APPS - 1);
});

test('an allowlist is searched by name and by id on the server', async () => {
  const search = list().getByLabel('Search the allowlist');
  await search.fill('app-117');
  await expect.poll(() => entries().count()).toBe(1);
  await remove('App 117').waitFor();
  await search.fill('nothing');
  await list().getByText('No app on the list is called that.').waitFor();
  await search.fill('');
  await remove('App 1').waitFor();
});

test('choosing apps knows those beyond the first page, and changes only what was touched', async () => {
  await list().getByRole('button', { name: 'Choose apps' }).click();
  await stage
    .dialog()
    .getByText(`${APPS - 1} ticked`)
    .waitFor();
  await stage.dialog().getByLabel('Search apps').fill('app-12');
  await choice('App 120').uncheck();
  await stage.dialog().getByLabel('Search apps').fill('app-020');
  await choice('App 20').check();
  await stage
    .dialog()
    .getByText(`${APPS - 1} ticked`)
    .waitFor();
  await stage.dialog().getByRole('button', { name: 'Save allowlist' }).click();
  await stage.dialog().waitFor({ state: 'detached' });
  await remove('App 20').waitFor();
  const { organization } = (await stage.visit.graphql(
    `{ organization(slug: "acme") { agents { edges { node { allowlist(search: "app-12") { edges { node { appId } } } } } } } }`,
  )) as unknown as { organization: { agents: { edges: { node: { allowlist: { edges: unknown[] } } }[] } } };
  expect(organization.agents.edges[0]!.node.allowlist.edges).toEqual([]);
});

test('any app can be tried in a dry run, by a part of its name or at the end of the list', async () => {
  const reach = picker('May it be reached by');
  await reach.click();
  await reach.fill('app-119');
  await list().getByRole('option', { name: 'App 119' }).waitFor();
  await reach.press('Enter');
  await list().getByText('Yes: App 119 may reach Athena. It is on the allowlist.').waitFor();
  await reach.click();
  // Portal and all the others; the next ones come as the end is near.
  const options = list().getByRole('option');
  await options.nth(50).waitFor();
  await expect
    .poll(async () => {
      await options.last().scrollIntoViewIfNeeded();
      return options.count();
    })
    .toBe(APPS + 1);
  await options.filter({ hasText: 'Portal' }).click();
  await list()
    .getByText("No: Portal cannot reach Athena. The app is not on the agent's allowlist.")
    .waitFor();
  await reach.press('ArrowDown');
  await options.first().waitFor();
  await reach.press('Escape');
  await options.first().waitFor({ state: 'detached' });
  expect(await reach.inputValue()).toBe('Portal');
});

test('a test event can be sent as any app', async () => {
  const { page } = stage.visit;
  await page.getByRole('button', { name: 'Send test event' }).click();
  expect(await picker('As app').inputValue()).toBe('App 1');
  await pick('As app', 'app-119', 'App 119');
  await stage.dialog().getByRole('button', { name: 'Send event' }).click();
  expect((await stage.agent.find('event')).body['app_id']).toBe('app-119');
  await page.getByText('sent from the dashboard').waitFor();
});

test('event logs are filtered by any app and any agent, whose names stand there for whoever gets the link', async () => {
  const { page } = stage.visit;
  stage.app.send({ type: 'event', agent_id: 'athena', thread_id: 'by-portal', payload: {} });
  await stage.app.find('error');
  await page.goto(`${stage.visit.url}/acme/events`);
  const row = page.getByRole('row').filter({ hasText: 'by-portal' });
  await row.waitFor();
  await pick('App', 'app-118', 'App 118');
  await page.getByText('No events match').waitFor();
  await pick('App', 'Portal', 'Portal');
  await row.waitFor();
  await pick('Agent', 'zeta-12', 'Zeta 120');
  await page.getByText('No events match').waitFor();
  await page.reload();
  await expect.poll(() => picker('App').inputValue()).toBe('Portal');
  await expect.poll(() => picker('Agent').inputValue()).toBe('Zeta 120');
  await picker('Agent').click();
  await page.getByRole('option', { name: 'Any agent' }).click();
  await row.waitFor();
  expect([...stage.query().keys()]).toEqual(['app']);
  expect(await picker('Agent').getAttribute('placeholder')).toBe('Any agent');
});

test('what does not fit what is typed is not chosen while what fits is still looked for', async () => {
  const { page } = stage.visit;
  const portal = stage.query().get('app');
  await picker('App').click();
  await page.getByRole('option', { name: 'App 1', exact: false }).first().waitFor();
  await picker('App').pressSequentially('portal');
  await picker('App').press('Enter');
  // Either nothing yet, or the one that was typed.
  await picker('App').press('Escape');
  expect(await picker('App').inputValue()).toBe('Portal');
  expect(stage.query().get('app')).toBe(portal);
});

/** Resolves when the page that is opened next has been told of the connection of every app and agent. */
async function toldOfAll(): Promise<void> {
  const socket = await stage.visit.page.waitForEvent('websocket');
  let told = 0;
  await socket.waitForEvent('framereceived', ({ payload }) => {
    if (payload.includes('"connectionChanged":')) told += 1;
    return told === 2 * (APPS + 1);
  });
}

test('the console knows at once whether any agent that is chosen is connected', async () => {
  const { page } = stage.visit;
  await Promise.all([toldOfAll(), page.goto(`${stage.visit.url}/acme/console`)]);
  await expect.poll(() => picker('Agent').inputValue()).toBe('Athena');
  const { promise: seen, resolve: answer } = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('query Chosen')) await seen;
    await route.continue();
  });
  await pick('Agent', 'zeta-119', 'Zeta 119');
  await page.getByText('Zeta 119 is not connected.').waitFor();
  expect(await page.locator('[data-connected]').innerText()).toBe('Disconnected');
  answer();
  await page.unrouteAll({ behavior: 'wait' });
});

test('the console talks to any agent as any app, and never to another than the address names', async () => {
  const { page } = stage.visit;
  await page.goto(`${stage.visit.url}/acme/console`);
  await expect.poll(() => picker('Agent').inputValue()).toBe('Athena');
  expect(await picker('App').inputValue()).toBe('App 1');
  await pick('App', 'portal', 'Portal');
  await pick('Agent', 'zeta-120', 'Zeta 120');
  await page.getByText('Zeta 120 is not connected.').waitFor();
  await page.getByLabel('Message').fill('Anybody there?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('zeta-120 has not answered yet').waitFor();
  await page.reload();
  await page.getByText('zeta-120 has not answered yet').waitFor();
  expect(await picker('App').inputValue()).toBe('Portal');
  expect(await picker('Agent').inputValue()).toBe('Zeta 120');
  // One that is deactivated answers nobody: the conversation begins with another.
  await stage.visit.sql(`update agent set deactivated_at = now() where slug = 'zeta-120'`);
  await page.reload();
  await page.getByText('Talk to Athena').waitFor();
  await page.goto(`${stage.visit.url}/acme/agents`);
  await page.getByRole('link', { name: 'Athena' }).click();
  await page.getByRole('heading', { name: 'Athena' }).waitFor();
});

test('whoever was turned away is told apart from whoever is let in now, however long the list', async () => {
  // Beyond the first page of any list.
  await stage.visit.sql(`update app set slug = 'zzz' where slug = 'portal'`);
  stage.app.send({ type: 'event', agent_id: 'athena', thread_id: 'refused', payload: {} });
  expect((await stage.app.find('error')).body['code']).toBe('NOT_ALLOWED');
  await stage.visit.page.reload();
  const wrong = stage.visit.page.getByRole('region', { name: 'What went wrong' });
  await wrong.getByRole('button', { name: 'Allow Portal' }).click();
  await wrong.getByText('gets through now').waitFor();
});
