import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Mailbox } from '../graphql/mailbox.ts';
import { Held } from './held.ts';
import { Visit } from './visit.ts';

const OWNER = 'ada@acme.example';
const GUEST = 'grace@acme.example';

const mailbox = new Mailbox();
let visit: Visit;
let theirs: BrowserContext;
let guest: Page;

type Box = Record<'x' | 'y' | 'width' | 'height', number>;

beforeAll(async () => {
  visit = await Visit.start({ smtpUrl: await mailbox.listen() });
  await visit.page.goto(`${visit.url}/sign-in`);
  await visit.signIn(OWNER);
  await visit.page.getByLabel('Organization name').waitFor();
  await visit.found();
  theirs = await visit.page.context().browser()!.newContext();
  theirs.setDefaultTimeout(15_000);
  guest = await theirs.newPage();
}, 120_000);
afterAll(async () => {
  await visit.close();
  await mailbox.close();
});

const organizationId = async (): Promise<string> => {
  const { organization } = await visit.graphql('{ organization(slug: "acme") { id } }');
  return (organization as unknown as { id: string }).id;
};

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const reason = (page: Page, name: string): Promise<string | null> =>
  page.getByRole('button', { name, exact: true }).first().getAttribute('aria-disabled');

test('an owner invites by mail, and the invitation waits', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/members`);
  await page.getByRole('button', { name: 'Invite member' }).click();
  await page.getByLabel('E-mail').fill('nonsense');
  await page.keyboard.press('Enter');
  await page.getByText('Enter an e-mail address.').waitFor();
  await page.getByLabel('E-mail').fill(GUEST);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const waiting = page.getByRole('region', { name: 'Invitations' });
  await waiting.getByRole('row').filter({ hasText: GUEST }).waitFor();
});

test('the invited person signs in by the link, joins, and reads', async () => {
  const link = /http:\/\/localhost:\d+\/invitations\/[0-9a-f-]{36}/.exec(await mailbox.text(GUEST))![0];
  await guest.goto(link);
  await guest.getByLabel('E-mail').fill(GUEST);
  await guest.getByRole('button', { name: 'Send code' }).click();
  await guest.getByLabel('Code', { exact: true }).waitFor();
  await guest.getByLabel('Code', { exact: true }).fill(await mailbox.code(GUEST, 2));
  await guest.getByRole('heading', { name: 'Join Acme Corp' }).waitFor();
  await guest.getByRole('button', { name: 'Join Acme Corp' }).click();
  await guest.getByRole('heading', { name: 'Overview' }).waitFor();
  await guest.getByRole('link', { name: 'Members' }).click();
  await guest.getByRole('row').filter({ hasText: OWNER }).waitFor();
});

test('a member may not manage, and sees why', async () => {
  expect(await reason(guest, 'Invite member')).toBe('true');
  expect(await reason(guest, `Manage ${OWNER}`)).toBe('true');
  await guest.getByRole('button', { name: 'Invite member' }).focus();
  await guest.getByRole('tooltip').filter({ hasText: 'Only owners' }).first().waitFor();
  await guest.getByRole('link', { name: 'Apps', exact: true }).click();
  await guest.getByRole('button', { name: 'Register New App' }).first().waitFor();
  expect(await reason(guest, 'Register New App')).toBe('true');
});

test('why something cannot be done is seen whole, wherever its button stands', async () => {
  await guest.setViewportSize({ width: 390, height: 844 });
  await visit.make('App', await organizationId(), 'Portal');
  await guest.reload();
  await guest.getByRole('row').getByRole('link', { name: 'Portal' }).click();
  const cut: string[] = [];
  for (const name of ['Rename', 'Rotate Token', 'Deactivate App', 'Delete contents']) {
    const button = guest.getByRole('button', { name, exact: true });
    await button.focus();
    const tip = guest.getByRole('tooltip').filter({ visible: true });
    await tip.waitFor();
    const [box, control] = [(await tip.boundingBox())!, (await button.boundingBox())!];
    const inside = box.x >= 0 && box.x + box.width <= 390 && box.y >= 0 && box.y + box.height <= 844;
    if (!inside || overlap(box, control)) cut.push(name);
  }
  await guest.setViewportSize({ width: 1280, height: 720 });
  await guest.goBack();
  await guest.getByRole('button', { name: 'Register New App' }).first().waitFor();
  expect(cut).toEqual([]);
});

test('the last owner cannot go, and sees why', async () => {
  const { page } = visit;
  await page.reload();
  await page.getByRole('button', { name: `Manage ${OWNER}` }).click();
  await page.getByRole('dialog').getByText('This is the last owner.').first().waitFor();
  expect(await reason(page, 'Leave organization')).toBe('true');
  await page.keyboard.press('Escape');
});

test('nobody is removed while their role is being saved, and what came of that is seen', async () => {
  const { page } = visit;
  await page.goto(`${visit.url}/acme/members`);
  await page.getByRole('button', { name: `Manage ${GUEST}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Role').selectOption('OWNER');
  const held = await Held.back(page, 'ChangeRole');
  await dialog.getByRole('button', { name: 'Save role' }).click();
  await expect.poll(() => held.count()).toBe(1);
  await dialog.getByRole('button', { name: 'Remove member' }).click({ force: true });
  await held.release((route) =>
    route.fulfill({ json: { data: null, errors: [{ message: 'Relay is busy.' }] } }),
  );
  await dialog.getByText('Relay is busy.').waitFor();
  await page.keyboard.press('Escape');
});

test('a promoted member manages at once, without a reload', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: `Manage ${GUEST}` }).click();
  await page.getByLabel('Role').selectOption('OWNER');
  await page.getByRole('button', { name: 'Save role' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: GUEST }).getByText('owner').waitFor();
  await expect.poll(() => reason(guest, 'Register New App'), { timeout: 10_000 }).toBeNull();
});

test('an owner who is there no longer the last one may leave', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: `Manage ${OWNER}` }).click();
  await page.getByRole('button', { name: 'Leave organization' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave organization' }).last().waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).last().click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('who did what is in the audit log, filtered by address, and downloaded', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Audit log' }).click();
  const rows = page.getByRole('table', { name: 'Audit log' }).getByRole('row');
  await rows.filter({ hasText: 'Changed role' }).filter({ hasText: 'from: member; to: owner' }).waitFor();
  await page.getByLabel('Action').selectOption({ label: 'Invited' });
  await expect.poll(() => rows.count()).toBe(2);
  expect(new URL(page.url()).search).toBe('?action=MEMBER_INVITED');
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Export' }).click(),
  ]);
  await page.getByText('Exported 1 entry.').waitFor();
  expect(file.suggestedFilename()).toBe('acme-audit-log.csv');
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`${OWNER},PERSON,MEMBER_INVITED,Invitation,${GUEST}`);
});

test('a browser that is signed out elsewhere is signed out here', async () => {
  const { page } = visit;
  const other = await page.context().browser()!.newContext();
  other.setDefaultTimeout(15_000);
  const second = await other.newPage();
  const before = mailbox.count(OWNER);
  await second.goto(`${visit.url}/sign-in?next=%2Facme%2Fapps`);
  await second.getByLabel('E-mail').fill(OWNER);
  await second.getByRole('button', { name: 'Send code' }).click();
  await second.getByLabel('Code', { exact: true }).waitFor();
  await second.getByLabel('Code', { exact: true }).fill(await mailbox.code(OWNER, before + 1));
  await second.getByRole('heading', { name: 'Apps' }).waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  const sessions = page.getByRole('region', { name: 'Your sessions' });
  await sessions.getByText('this one').waitFor();
  await sessions.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await second.getByLabel('E-mail').waitFor();
  await other.close();
});

test('one switches between organizations, and makes another', async () => {
  const { page } = visit;
  await page.getByRole('combobox', { name: 'Organization' }).selectOption({ label: 'New organization…' });
  await page.getByLabel('Organization name').fill('Second Home');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/second-home');
  await page.getByRole('combobox', { name: 'Organization' }).selectOption({ label: 'Acme Corp' });
  await page.waitForURL('**/acme');
});

test('what an owner invited is revoked as they become a member, and said so', async () => {
  const { page } = visit;
  const third = 'edsger@acme.example';
  await guest.getByRole('link', { name: 'Members' }).click();
  await guest.getByRole('button', { name: 'Invite member' }).click();
  await guest.getByLabel('E-mail').fill(third);
  await guest.keyboard.press('Enter');
  await guest.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Members' }).click();
  const waiting = page.getByRole('region', { name: 'Invitations' });
  await waiting.getByRole('row').filter({ hasText: third }).waitFor();
  await page.getByRole('button', { name: `Manage ${GUEST}` }).click();
  await page.getByLabel('Role').selectOption('MEMBER');
  await page.getByRole('button', { name: 'Save role' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await waiting.getByText('Nobody has an open invitation yet').waitFor();
  await page.getByRole('link', { name: 'Audit log' }).click();
  const entry = page.getByRole('row').filter({ hasText: 'Revoked invitation' }).filter({ hasText: third });
  await entry.filter({ hasText: `invitedBy: ${GUEST}` }).waitFor();
});

test('the browser had nothing to complain about', () => {
  expect(visit.complaints).toEqual([]);
});
