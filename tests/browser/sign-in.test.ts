import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Held } from './held.ts';
import { Visit } from './visit.ts';

let visit: Visit;

beforeAll(async () => {
  visit = await Visit.start();
}, 120_000);
afterAll(() => visit.close());

const page = (): Page => visit.page;
const field = (): Locator => page().getByLabel('Code', { exact: true });
const wrong = (code: string): string => (code === '000000' ? '111111' : '000000');

/** Asks for a code in a browser nobody knows; returns it. */
async function ask(email: string): Promise<string> {
  await page().context().clearCookies();
  await page().goto(`${visit.url}/sign-in`);
  await page().getByLabel('E-mail').fill(email);
  await page().getByRole('button', { name: 'Send code' }).click();
  await field().waitFor();
  return visit.code(email);
}

test.each([
  ['wrong', 2, wrong],
  ['right', 1, (code: string) => code],
])(
  'a code pasted while a %s one is being checked waits for what comes of that',
  async (_, checked, first) => {
    const code = await ask(`paste-${checked}@acme.example`);
    let asked = 0;
    page().on('request', (request) => {
      if (request.postData()?.includes('"operationName":"VerifyLoginCode"')) asked += 1;
    });
    const held = await Held.back(page(), 'VerifyLoginCode');
    await field().fill(first(code));
    await expect.poll(() => held.count()).toBe(1);
    await field().fill(checked === 1 ? wrong(code) : code);
    await page().keyboard.press('Enter');
    // What was asked for before this is seen before it.
    await page().evaluate(`fetch('/favicon.svg')`);
    expect(held.count()).toBe(1);
    await held.release();
    await page().getByLabel('Organization name').waitFor();
    expect(asked).toBe(checked);
  },
);

test('digits typed while a wrong code is being checked are still there when it is refused', async () => {
  const code = await ask('typed@acme.example');
  const held = await Held.back(page(), 'VerifyLoginCode');
  await field().fill(wrong(code));
  await expect.poll(() => held.count()).toBe(1);
  await field().fill(code.slice(0, 3));
  await held.release();
  await page().getByText('That code is not right. 4 tries left.').waitFor();
  expect(await field().inputValue()).toBe(code.slice(0, 3));
  await field().pressSequentially(code.slice(3));
  await page().getByLabel('Organization name').waitFor();
});

test('a code that could not be checked stays, and is checked when one asks again', async () => {
  const code = await ask('unreached@acme.example');
  const held = await Held.back(page(), 'VerifyLoginCode');
  await field().fill(code);
  await expect.poll(() => held.count()).toBe(1);
  await held.release((route) => route.abort());
  await page().getByText('Relay cannot be reached.').waitFor();
  expect(await field().inputValue()).toBe(code);
  await page().getByRole('button', { name: 'Sign in' }).click();
  await page().getByLabel('Organization name').waitFor();
});

test('a new code is sent once however often one presses, and is the one that works', async () => {
  const email = 'again@acme.example';
  const former = await ask(email);
  const held = await Held.back(page(), 'RequestLoginCode');
  const again = page().getByRole('button', { name: 'Send a new code' });
  await again.dblclick();
  await again.click({ force: true });
  await expect.poll(() => held.count()).toBe(1);
  await held.release();
  await page().getByText('A new code is on its way.').waitFor();
  expect(held.count()).toBe(1);
  expect(await page().getByRole('alert').count()).toBe(0);
  if (former !== visit.code(email)) {
    await field().fill(former);
    await page().getByText('That code is not right. 4 tries left.').waitFor();
  }
  await field().fill(visit.code(email));
  await page().getByLabel('Organization name').waitFor();
});

test('a code that works no more leads to a new one, not to tries that are none', async () => {
  const email = 'expired@acme.example';
  const code = await ask(email);
  await visit.sql('update login_code set consumed_at = now() where email = $1', [email]);
  await field().fill(code);
  await page().getByText('This code is wrong or has expired. Ask for a new one.').waitFor();
  await page().getByRole('button', { name: 'Send a new code' }).click();
  await page().getByText('A new code is on its way.').waitFor();
  await field().fill(visit.code(email));
  await page().getByLabel('Organization name').waitFor();
});

test('a lock is said for as long as it lasts, whatever else is tried', async () => {
  const code = await ask('locked@acme.example');
  for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
    await field().fill(wrong(code));
    await page().getByText(`That code is not right. ${left} left.`).waitFor();
  }
  await field().fill(wrong(code));
  await page().getByText('Too many wrong codes. You can try again in').waitFor();
  const again = page().getByRole('button', { name: 'Send a new code' });
  expect(await again.getAttribute('aria-disabled')).toBe('true');
  await again.click({ force: true });
  // What was asked for before this is seen before it.
  await page().evaluate(`fetch('/favicon.svg')`);
  await page().getByText('Too many wrong codes. You can try again in').waitFor();
  expect(await field().isDisabled()).toBe(true);
});
