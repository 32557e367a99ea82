import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeClients } from '../harness/client.ts';
import { Keyboard } from './keyboard.ts';
import { Stage } from './stage.ts';
import { Visit } from './visit.ts';

const EMAIL = 'ada@acme.example';

/** Everything here is done by keys: no click, and no focus that a script has set. */
const stage = new Stage();
const keyboard = new Keyboard(() => page());
let token = '';

beforeAll(async () => {
  stage.visit = await Visit.start();
  await page().context().grantPermissions(['clipboard-read', 'clipboard-write']);
}, 120_000);
afterAll(async () => {
  await closeClients();
  await stage.visit.close();
});

const page = (): Page => stage.visit.page;
const button = (name: string): Locator => page().getByRole('button', { name, exact: true }).first();
const link = (name: string): Locator => page().getByRole('link', { name, exact: true });
const inDialog = (name: string): Locator => stage.dialog().getByRole('button', { name, exact: true });
const heading = (name: string): Promise<void> => page().getByRole('heading', { name, level: 1 }).waitFor();
const content = (): Locator => page().getByRole('main');
const list = (): Locator => page().getByRole('region', { name: 'Allowlist' });
const row = (id: string): Locator => page().getByRole('row').filter({ hasText: id }).getByRole('link');
const sheet = (): Locator => page().getByRole('complementary', { name: 'Event' });

/** Answers a dialog and waits until it has gone. */
async function answer(name: string): Promise<void> {
  await keyboard.use(inDialog(name));
  await stage.dialog().waitFor({ state: 'detached' });
}

/** Copies the secret that is shown, says that it is stored, and closes its dialog. */
async function store(): Promise<string> {
  const secret = await page().getByTestId('secret').innerText();
  await keyboard.at(stage.dialog().getByRole('button', { name: 'Copy token' }));
  await keyboard.press('Enter');
  await stage.dialog().getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page().evaluate('navigator.clipboard.readText()')).toBe(secret);
  await keyboard.use(page().getByLabel('I have stored it'), 'Space');
  await answer('Done');
  return secret;
}

test('signing in and making an organization', async () => {
  await page().goto(`${stage.visit.url}/sign-in`);
  await keyboard.at(page().getByLabel('E-mail'));
  await keyboard.type(EMAIL);
  await keyboard.press('Enter');
  await keyboard.at(page().getByLabel('Code', { exact: true }));
  await keyboard.type(stage.visit.code(EMAIL));
  await keyboard.at(page().getByLabel('Organization name'));
  await keyboard.type('Acme');
  await keyboard.use(button('Create organization'));
  await heading('Overview');
});

test('the first stop of a page leads past the sidebar to its content', async () => {
  await page().reload();
  await heading('Overview');
  await keyboard.press('Tab');
  await keyboard.at(link('Skip to content'));
  await keyboard.press('Enter');
  await keyboard.at(content());
  await keyboard.press('Tab');
  expect(await content().locator(':focus').count()).toBe(1);
});

test('an app is registered, its token copied, and the focus goes on to its page', async () => {
  await keyboard.to(link('Apps'), 'Shift+Tab');
  await keyboard.press('Enter');
  await heading('Apps');
  await keyboard.at(link('Apps'));
  await keyboard.use(button('Register New App'));
  await keyboard.at(page().getByLabel('App Name'));
  await keyboard.press('Escape');
  await stage.dialog().waitFor({ state: 'detached' });
  await keyboard.at(button('Register New App'));
  await keyboard.press('Enter');
  await keyboard.at(page().getByLabel('App Name'));
  await keyboard.type('Portal');
  await keyboard.press('Enter');
  token = await store();
  await heading('Portal');
  await keyboard.at(content());
});

test('the app is renamed', async () => {
  await keyboard.use(button('Rename'));
  await keyboard.at(page().getByLabel('App Name'));
  await keyboard.press('Control+a');
  await keyboard.type('Customer portal');
  await keyboard.press('Enter');
  await stage.dialog().waitFor({ state: 'detached' });
  await keyboard.at(button('Rename'));
  await heading('Customer portal');
});

test('its token is rotated, and the old one ended', async () => {
  await keyboard.use(button('Rotate Token'));
  await keyboard.at(page().getByLabel('For 1 hour', { exact: false }));
  await keyboard.use(inDialog('Rotate Token'));
  const rotated = await store();
  expect(rotated).not.toBe(token);
  token = rotated;
  await keyboard.at(button('Rotate Token'));
  await keyboard.use(button('Revoke old token now'));
  await answer('Revoke old token');
  // What asked has gone with the old token, and its panel has no other control.
  await button('Revoke old token now').waitFor({ state: 'detached' });
  await keyboard.at(content());
});

test('it is deactivated and reactivated by one button, which keeps the focus', async () => {
  await keyboard.use(button('Deactivate App'));
  await answer('Deactivate App');
  await keyboard.at(button('Reactivate App'));
  await keyboard.press('Enter');
  await answer('Reactivate App');
  await keyboard.at(button('Deactivate App'));
});

test('apps are put on an agent’s allowlist and taken off it, and the focus stays with the list', async () => {
  const { visit } = stage;
  const { organization } = (await visit.graphql('{ organization(slug: "acme") { id } }')) as unknown as {
    organization: { id: string };
  };
  await visit.make('App', organization.id, 'Flow');
  await stage.join({ app: token, agent: (await visit.make('Agent', organization.id, 'Athena')).token });
  await keyboard.press('Control+k');
  await keyboard.at(page().getByRole('combobox', { name: 'Go to' }));
  await keyboard.type('athena');
  await stage
    .dialog()
    .getByRole('option', { name: /^Athena/, selected: true })
    .waitFor();
  await keyboard.press('Enter');
  await heading('Athena');
  await keyboard.at(content());
  await keyboard.use(button('Choose apps'));
  await keyboard.at(page().getByLabel('Search apps'));
  await keyboard.use(stage.dialog().getByRole('checkbox', { name: 'Flow' }), 'Space');
  await answer('Save allowlist');
  await keyboard.at(button('Choose apps'));
  await keyboard.press('Enter');
  await keyboard.use(stage.dialog().getByRole('checkbox', { name: 'Customer portal' }), 'Space');
  await answer('Save allowlist');
  await page().reload();
  await list().getByRole('button', { name: 'Remove Flow' }).waitFor();
  // Nobody who has just come may take an app off by pressing Space.
  expect(await list().locator(':focus').count()).toBe(0);
  await keyboard.use(list().getByRole('button', { name: 'Remove Flow' }));
  await keyboard.at(list().getByRole('button', { name: 'Choose apps' }));
  await keyboard.use(list().getByRole('button', { name: 'Remove Customer portal' }));
  await answer('Remove and open');
  await list().getByText('No restriction').waitFor();
  await keyboard.at(button('Choose apps'));
}, 60_000);

test('the event logs are filtered, walked through and read, and closing an event leads back to its row', async () => {
  const first = await stage.happens('walk', { n: 1 }, 'One.');
  const second = await stage.happens('walk', { n: 2 }, 'Two.');
  await keyboard.to(link('Event logs'), 'Shift+Tab');
  await keyboard.press('Enter');
  await row(second).waitFor();
  await keyboard.to(page().getByLabel('Status'));
  await keyboard.type('Deli');
  await expect.poll(() => stage.query().get('status')).toBe('delivered');
  await keyboard.to(page().getByRole('combobox', { name: 'App', exact: true }));
  await keyboard.type('customer');
  await page().getByRole('option', { name: 'Customer portal', selected: true }).waitFor();
  await keyboard.press('Enter');
  await expect.poll(() => stage.query().get('app')).not.toBeNull();
  // The one that is chosen is where the keys begin.
  await keyboard.press('Space');
  await page().getByRole('option', { name: 'Customer portal', selected: true }).waitFor();
  await keyboard.press('ArrowUp', 'ArrowUp', 'Enter');
  await expect.poll(() => stage.query().get('app')).toBeNull();
  // Keys lead nowhere while the list is being read anew.
  await row(second).waitFor();
  await keyboard.to(button('Clear'));
  await keyboard.press('j');
  await keyboard.at(row(second));
  await keyboard.press('j');
  await keyboard.at(row(first));
  await keyboard.press('k', 'Enter');
  await sheet().getByRole('heading', { name: second }).waitFor();
  await keyboard.at(row(second));
  // Once more leads into what is open.
  await keyboard.press('Enter');
  await keyboard.at(sheet());
  await keyboard.use(button('Resend'));
  await stage.dialog().waitFor();
  await keyboard.press('Escape');
  await stage.dialog().waitFor({ state: 'detached' });
  await keyboard.at(button('Resend'));
  await keyboard.press('Escape');
  await sheet().waitFor({ state: 'detached' });
  await keyboard.at(row(second));
}, 60_000);

test('an event is sent again from beside the list, where the new one then has the focus', async () => {
  await keyboard.press('Enter', 'Enter');
  await keyboard.at(sheet());
  await keyboard.use(button('Resend'));
  await answer('Resend');
  const { body } = await stage.agent.find('event');
  stage.agent.send({ type: 'reply', event_id: body['event_id'], content: 'Two again.' });
  await sheet()
    .getByRole('heading', { name: String(body['event_id']) })
    .waitFor();
  await keyboard.at(sheet());
  await keyboard.use(link('Open on its own page'));
  await heading(String(body['event_id']));
  await keyboard.at(content());
  await keyboard.use(page().getByLabel('Breadcrumb').getByRole('link', { name: 'Event logs' }));
  await heading('Event logs');
  await keyboard.at(content());
});

test('the palette leads to another page, and signing out to where one signs in', async () => {
  await keyboard.press('Control+k');
  await keyboard.at(page().getByRole('combobox', { name: 'Go to' }));
  await keyboard.type('Memb');
  await stage.dialog().getByRole('option', { name: 'Members', selected: true }).waitFor();
  await keyboard.press('Enter');
  await heading('Members');
  await keyboard.at(content());
  await keyboard.to(button('Sign out'), 'Shift+Tab');
  await keyboard.press('Control+k');
  await stage.dialog().waitFor();
  await keyboard.press('Escape');
  await stage.dialog().waitFor({ state: 'detached' });
  await keyboard.at(button('Sign out'));
  await keyboard.press('Enter');
  await keyboard.at(page().getByLabel('E-mail'));
});

test('the browser had nothing to complain about', () => {
  expect(stage.visit.complaints).toEqual([]);
});
