import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useStage } from './stage.ts';

const GRACE = 'grace@acme.example';
const REFRESH_MS = 10_000;

const stage = useStage();
/** Another owner, in her own browser. */
let grace: Page;
let ids: Record<'app' | 'agent' | 'ada', string>;

beforeAll(async () => {
  const { visit } = stage;
  const [user, membership] = [randomUUID(), randomUUID()];
  await visit.sql('insert into user_account (id, email, created_at) values ($1, $2, now())', [user, GRACE]);
  await visit.sql(
    `insert into membership (id, organization_id, user_id, role, created_at)
     select $2, id, $1, 'owner', now() from organization`,
    [user, membership],
  );
  const context = await visit.page.context().browser()!.newContext();
  grace = await context.newPage();
  await grace.goto(`${visit.url}/sign-in`);
  await visit.signIn(GRACE, grace);
  await grace.getByRole('heading', { name: 'Overview' }).waitFor();
  const { organization } = await visit.graphql(
    `{ organization(slug: "acme") { apps { edges { node { id } } } agents { edges { node { id } } }
       members { edges { node { id user { email } } } } } }`,
  );
  const found = organization as unknown as Record<
    'apps' | 'agents' | 'members',
    { edges: { node: { id: string; user: { email: string } } }[] }
  >;
  const ada = found.members.edges.find(({ node }) => node.user.email !== GRACE);
  ids = { app: found.apps.edges[0]!.node.id, agent: found.agents.edges[0]!.node.id, ada: ada!.node.id };
});

const page = (): Page => stage.visit.page;
const button = (name: string): Locator => page().getByRole('button', { name, exact: true }).first();
const inDialog = (name: string): Locator => stage.dialog().getByRole('button', { name, exact: true });
const field = (label: string): Locator => stage.dialog().getByLabel(label);
/** What is behind a dialog is hidden from everybody but the eye. */
const title = (text: string): Promise<void> => page().locator('h1', { hasText: text }).waitFor();
const closed = (): Promise<void> => stage.dialog().waitFor({ state: 'detached' });

async function open(path: string, action: string): Promise<void> {
  await page().goto(`${stage.visit.url}/acme/${path}`);
  await button(action).click();
  await stage.dialog().waitFor();
}
const appPath = (): string => `apps/${encodeURIComponent(ids.app)}`;
const agentPath = (): string => `agents/${encodeURIComponent(ids.agent)}`;

/** The other owner changes an app or agent. */
const update = (kind: 'App' | 'Agent', input: object): Promise<unknown> =>
  stage.visit.graphql(
    `mutation U($input: Update${kind}Input!) { update${kind}(input: $input) { __typename } }`,
    { input },
    grace,
  );
/** The other owner makes this one a member or an owner. */
const setRole = (role: 'OWNER' | 'MEMBER'): Promise<unknown> =>
  stage.visit.graphql(
    'mutation R($input: ChangeRoleInput!) { changeRole(input: $input) { __typename } }',
    { input: { id: ids.ada, role } },
    grace,
  );

describe('what somebody else changes behind a dialog', () => {
  beforeAll(() => page().clock.install());
  const refreshed = async (name: string): Promise<void> => {
    await page().clock.fastForward(REFRESH_MS);
    await title(name);
  };

  test('does not take away a name that is being typed, which is the one that is saved', async () => {
    await open(appPath(), 'Rename');
    await field('App Name').fill('Gateway');
    await update('App', { id: ids.app, name: 'Harbour' });
    await refreshed('Harbour');
    expect(await field('App Name').inputValue()).toBe('Gateway');
    await inDialog('Save').click();
    await closed();
    await title('Gateway');
  });

  test('is not undone by saving a name that was not touched', async () => {
    await open(appPath(), 'Rename');
    await update('App', { id: ids.app, name: 'Harbour' });
    await refreshed('Harbour');
    expect(await field('App Name').inputValue()).toBe('Harbour');
    await inDialog('Save').click();
    await closed();
    await title('Harbour');
  });

  test('is seen among the settings that one does not change, and kept', async () => {
    await open(agentPath(), 'Edit');
    await field('Agent Name').fill('Minerva');
    await field('Events at once').fill('7');
    await update('Agent', { id: ids.agent, name: 'Pallas', timeoutSeconds: 45, maxInFlight: 9 });
    await refreshed('Pallas');
    expect(await field('Timeout (seconds)').inputValue()).toBe('45');
    expect(await field('Agent Name').inputValue()).toBe('Minerva');
    expect(await field('Events at once').inputValue()).toBe('7');
    await update('Agent', { id: ids.agent, queueSeconds: 99 });
    await inDialog('Save').click();
    await closed();
    await title('Minerva');
    const { node } = await stage.visit.graphql(
      `query A($id: ID!) { node(id: $id) { ... on Agent { name timeoutSeconds maxInFlight queueSeconds } } }`,
      { id: ids.agent },
    );
    expect(node).toEqual({ name: 'Minerva', timeoutSeconds: 45, maxInFlight: 7, queueSeconds: 99 });
  });
});

describe('an owner who becomes a member with a dialog open', () => {
  const taken = async (): Promise<void> => void (await stage.visit.takeSecret());
  test.each([
    ['to rename an app', appPath, 'Rename', 'App Name', 'Mine', 'Save', closed],
    ['to edit an agent', agentPath, 'Edit', 'Agent Name', 'Mine too', 'Save', closed],
    ['to register an app', () => 'apps', 'Register New App', 'App Name', 'Fourth', 'Register', taken],
    ['to make an API key', () => 'settings', 'Create key', 'Name', 'Script', 'Create key', taken],
    [
      'to invite somebody',
      () => 'members',
      'Invite member',
      'E-mail',
      'edsger@acme.example',
      'Send invitation',
      () => inDialog('Done').click(),
    ],
  ])('%s is refused there, and loses nothing of it', async (_, path, action, label, text, send, done) => {
    await open(path(), action);
    await field(label).first().fill(text);
    await setRole('MEMBER');
    await page().locator('button[aria-disabled]', { hasText: action }).first().waitFor();
    await inDialog(send).click();
    await stage.dialog().getByText('Only owners').waitFor();
    expect(await field(label).first().inputValue()).toBe(text);
    await setRole('OWNER');
    await page().locator('button:not([aria-disabled])', { hasText: action }).first().waitFor();
    await inDialog(send).click();
    await done();
    await closed();
  });

  test('to manage another sees that this has ended', async () => {
    await open('members', `Manage ${GRACE}`);
    await field('Role').selectOption('MEMBER');
    await setRole('MEMBER');
    await stage.dialog().getByText('You are a member of Acme Corp and can read.').waitFor();
    await inDialog('Remove member').focus();
    await stage.dialog().getByRole('tooltip').filter({ hasText: 'Only owners' }).waitFor();
    expect(await inDialog('Save role').count()).toBe(0);
    await page().keyboard.press('Escape');
    await closed();
    await setRole('OWNER');
  });
});

test('the browser had nothing to complain about', () => {
  expect(stage.visit.complaints).toEqual([]);
});
