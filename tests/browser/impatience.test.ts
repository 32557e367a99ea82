import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Held } from './held.ts';
import { useStage } from './stage.ts';
import type { Made } from './visit.ts';

const stage = useStage();
let studio: Made;
let hermes: Made;
let agentPath = '';

beforeAll(async () => {
  const { visit } = stage;
  const { organization } = await visit.graphql(
    '{ organization(slug: "acme") { id agents { edges { node { id } } } } }',
  );
  const { id, agents } = organization as unknown as {
    id: string;
    agents: { edges: { node: { id: string } }[] };
  };
  agentPath = `agents/${encodeURIComponent(agents.edges[0]?.node.id ?? '')}`;
  studio = await visit.make('App', id, 'Studio');
  hermes = await visit.make('Agent', id, 'Hermes');
});

const page = (): Page => stage.visit.page;
const button = (name: string): Locator => page().getByRole('button', { name, exact: true }).first();
const inDialog = (name: string): Locator => stage.dialog().getByRole('button', { name, exact: true });
const heading = (name: string): Locator => page().getByRole('heading', { level: 1, name, exact: true });

/** Goes to a page from another one, so that there is something to go back to. */
async function open(path: string, title: string): Promise<void> {
  await page().goto(`${stage.visit.url}/acme/members`);
  await heading('Members').waitFor();
  await page().goto(`${stage.visit.url}/acme/${path}`);
  await heading(title).waitFor();
}

/** Everything an impatient person does to a dialog. */
async function tryToLeave(): Promise<void> {
  await page().keyboard.press('Escape');
  const asked = page().waitForEvent('dialog');
  await page().evaluate('setTimeout(() => location.reload())');
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
}

describe('a token that is shown once is not lost', () => {
  const ways = [
    {
      what: 'registering an app',
      operation: 'RegisterApp',
      path: 'apps',
      title: 'Apps',
      begin: async () => {
        await button('Register New App').click();
        await stage.dialog().getByLabel('App Name').fill('Gateway');
        await inDialog('Register').click();
      },
    },
    {
      what: 'registering an agent',
      operation: 'RegisterAgent',
      path: 'agents',
      title: 'Agents',
      begin: async () => {
        await button('Register New Agent').click();
        await stage.dialog().getByLabel('Agent Name').fill('Iris');
        await inDialog('Register').click();
      },
    },
    {
      what: 'a rotation',
      operation: 'RotateAppToken',
      path: () => `apps/${encodeURIComponent(studio.id)}`,
      title: 'Studio',
      begin: async () => {
        await button('Rotate Token').click();
        await inDialog('Rotate Token').click();
      },
    },
    {
      what: 'an API key',
      operation: 'CreateApiKey',
      path: 'settings',
      title: 'Settings',
      begin: async () => {
        await button('Create key').click();
        await stage.dialog().getByLabel('Name').fill('Script');
        await inDialog('Create key').click();
      },
    },
  ];

  test.each(ways.map((way) => [way.what, way] as const))(
    '%s: by leaving before or after it has come',
    async (_what, { operation, path, title, begin }) => {
      await open(typeof path === 'string' ? path : path(), title);
      const { length } = page().context().pages();
      const held = await Held.back(page(), operation);
      await begin();
      await expect.poll(held.count.bind(held)).toBe(1);
      await page().keyboard.press('Enter');
      await tryToLeave();
      await inDialog('Cancel').click();
      await held.release();
      await page().getByTestId('secret').waitFor();
      expect(held.count()).toBe(1);
      await tryToLeave();
      expect(await stage.visit.takeSecret()).toMatch(/^rl/);
      expect(page().context().pages()).toHaveLength(length);
    },
  );

  test('by going back', async () => {
    await page().goto(`${stage.visit.url}/acme/members`);
    await page().getByRole('link', { name: 'Settings' }).click();
    await heading('Settings').waitFor();
    const held = await Held.back(page(), 'CreateApiKey');
    await button('Create key').click();
    await stage.dialog().getByLabel('Name').fill('Another');
    await inDialog('Create key').click();
    await expect.poll(() => held.count()).toBe(1);
    await page().evaluate(
      `new Promise((moved) => { addEventListener('popstate', () => setTimeout(moved), { once: true }); history.back(); })`,
    );
    await held.release();
    await stage.visit.takeSecret();
    await heading('Settings').waitFor();
  });
});

test('what a dialog does is answered in it, whoever wanted to leave meanwhile', async () => {
  await open(agentPath, 'Athena');
  const held = await Held.back(page(), 'UpdateAgent');
  await button('Edit').click();
  await stage.dialog().getByLabel('Agent Name').fill('Minerva');
  await page().keyboard.press('Enter');
  await page().keyboard.press('Enter');
  await expect.poll(() => held.count()).toBe(1);
  await page().keyboard.press('Escape');
  await held.release((route) => route.abort());
  await stage.dialog().getByText('Relay cannot be reached.').waitFor();
  expect(held.count()).toBe(1);
  await page().keyboard.press('Escape');
  await stage.dialog().waitFor({ state: 'detached' });
});

test('a list of two apps does not become open to all by removing both quickly', async () => {
  const { visit } = stage;
  await open(agentPath, 'Athena');
  const list = page().getByRole('region', { name: 'Allowlist' });
  await list.getByRole('button', { name: 'Choose apps' }).click();
  await stage.dialog().getByRole('checkbox', { name: 'Portal' }).check();
  await stage.dialog().getByRole('checkbox', { name: 'Studio' }).check();
  await inDialog('Save allowlist').click();
  await stage.dialog().waitFor({ state: 'detached' });
  const held = await Held.back(page(), 'DisallowApp');
  await list.getByRole('button', { name: 'Remove Portal' }).click();
  await list.getByRole('button', { name: 'Remove Studio' }).click();
  await stage.dialog().getByText('Studio is the last app on the list.').waitFor();
  await inDialog('Cancel').click();
  await list.getByRole('button', { name: 'Remove Portal' }).click({ force: true });
  expect(held.count()).toBe(1);
  await held.release();
  await list.getByRole('button', { name: 'Remove Portal' }).waitFor({ state: 'detached' });
  await list.getByRole('button', { name: 'Remove Studio' }).waitFor();
  await visit.sql('delete from allowlist_entry');
});

describe('what was sent in the console', () => {
  const say = async (): Promise<Held> => {
    await page().goto(`${stage.visit.url}/acme/console`);
    await page().getByText('Talk to Athena').waitFor();
    const held = await Held.back(page(), 'SendTestEvent');
    await page().getByLabel('Message').fill('Hello?');
    await page().keyboard.press('Enter');
    await expect.poll(() => held.count()).toBe(1);
    return held;
  };
  const answered = (): Promise<unknown> =>
    page().waitForResponse((response) => Boolean(response.request().postData()?.includes('SendTestEvent')));

  test('changes no other page that was gone to meanwhile', async () => {
    const held = await say();
    await page().getByRole('link', { name: 'Event logs' }).click();
    await heading('Event logs').waitFor();
    await Promise.all([answered(), held.release()]);
    await page().getByRole('row').filter({ hasText: 'athena' }).first().waitFor();
    expect([...stage.query().keys()]).toEqual([]);
  });

  test('stays out of a conversation with another agent that was chosen meanwhile', async () => {
    const held = await say();
    const agent = page().getByRole('combobox', { name: 'Agent', exact: true });
    await agent.click();
    await page().getByRole('option', { name: 'Hermes' }).click();
    await page().getByText('Talk to Hermes').waitFor();
    await Promise.all([answered(), held.release()]);
    await page().getByRole('button', { name: 'Send' }).and(page().locator(':not([aria-busy])')).waitFor();
    await page().getByText('Talk to Hermes').waitFor();
    expect(Object.fromEntries(stage.query())).toEqual({ agent: hermes.id });
  });
});

test('signing out says so when it did not come to that', async () => {
  await open('settings', 'Settings');
  const held = await Held.back(page(), 'SignOut');
  await button('Sign out').click();
  await expect.poll(() => held.count()).toBe(1);
  await held.release((route) => route.abort());
  await page().getByText('You are still signed in.').waitFor();
  await heading('Settings').waitFor();
});

test('a test event can be sent once there is an app to send it as, and says what it waits for', async () => {
  await open(agentPath, 'Athena');
  const held = await Held.back(page(), 'AppChoices');
  await button('Send test event').click();
  await stage.dialog().getByText('Apps are not loaded yet.').waitFor({ state: 'attached' });
  await held.release((route) => route.abort());
  await stage.dialog().getByText('Relay cannot be reached.').waitFor();
  await inDialog('Try again').click();
  const sent = await Held.back(page(), 'SendTestEvent');
  await inDialog('Send event').and(page().locator(':not([aria-disabled])')).dblclick();
  await expect.poll(() => sent.count()).toBe(1);
  await sent.release();
  await page().getByText('sent from the dashboard').waitFor();
  expect(sent.count()).toBe(1);
});

test('Enter chooses what is still being looked for, once it is found', async () => {
  await open('events', 'Event logs');
  const held = await Held.back(page(), 'AgentChoices');
  const agent = page().getByRole('combobox', { name: 'Agent', exact: true });
  await agent.click();
  await agent.fill('herm');
  await page().keyboard.press('Enter');
  await page().getByText('Looking…').waitFor();
  await held.release();
  await expect.poll(() => stage.query().get('agent')).toBe(hermes.id);
});

test('the option that the keys were moved to stays marked as others come', async () => {
  await open('events', 'Event logs');
  const agent = page().getByRole('combobox', { name: 'Agent', exact: true });
  await agent.click();
  await page().getByRole('option', { name: 'Athena' }).waitFor();
  const held = await Held.back(page(), 'AgentChoices');
  await agent.fill('e');
  await page().keyboard.press('ArrowDown');
  const marked = page().locator('li[aria-selected=true]');
  const before = await marked.getAttribute('title');
  await expect.poll(() => held.count()).toBeGreaterThan(0);
  await held.release(async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { data: { organization: { agents: { edges: unknown[] } } } };
    answer.data.organization.agents.edges.reverse();
    await route.fulfill({ response, json: answer });
  });
  await expect.poll(() => page().locator('li[role=option]').first().getAttribute('title')).not.toBe('Athena');
  expect(await marked.getAttribute('title')).toBe(before);
  await page().keyboard.press('Escape');
});

test('letters typed before the palette is there are not lost, nor is Enter', async () => {
  await open('events', 'Event logs');
  const code = Promise.withResolvers<void>();
  await page().route('**/assets/palette-*.js', async (route) => {
    await code.promise;
    await route.continue();
  });
  await page().keyboard.press('Control+k');
  await page().keyboard.type('lhermex');
  await page().keyboard.press('Backspace');
  await page().keyboard.press('Escape');
  await page().keyboard.press('Control+k');
  await page().keyboard.type('herme');
  await page().keyboard.press('Enter');
  code.resolve();
  await heading('Hermes').waitFor();
  expect(stage.query().get('live')).toBeNull();
  await page().unroute('**/assets/palette-*.js');
});

test('a search keeps the space that was typed after a word', async () => {
  await open('apps', 'Apps');
  const search = page().getByLabel('Search apps');
  await search.pressSequentially('stu ');
  await expect.poll(() => stage.query().get('q')).toBe('stu');
  await page().getByRole('link', { name: 'Portal' }).waitFor({ state: 'detached' });
  await search.pressSequentially('x');
  expect(await search.inputValue()).toBe('stu x');
});

test('the browser had nothing to complain about', () => {
  const aborted = /net::ERR_FAILED/;
  expect(stage.visit.complaints.filter((text) => !aborted.test(text))).toEqual([]);
});
