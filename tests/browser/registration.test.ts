import { expect, test } from 'vitest';
import { useStage } from './stage.ts';

const stage = useStage();

test('an ID that is taken is no longer spoken of when the name leads to another one', async () => {
  const { page } = stage.visit;
  await page.goto(`${stage.visit.url}/acme/apps`);
  await page.getByRole('button', { name: 'Register New App' }).first().click();
  await stage.dialog().getByLabel('App Name').fill('Portal');
  await stage.dialog().getByRole('button', { name: 'Register' }).click();
  await stage.dialog().getByText('"portal" is already taken.').waitFor();
  await stage.dialog().getByLabel('App Name').fill('Porto');
  await stage.dialog().getByText('"portal" is already taken.').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
});

test('a limit that was refused is seen, also where the limits were folded away', async () => {
  const { page } = stage.visit;
  await page.goto(`${stage.visit.url}/acme/agents`);
  await page.getByRole('button', { name: 'Register New Agent' }).first().click();
  await stage.dialog().getByLabel('Agent Name').fill('Iris');
  const fold = stage.dialog().getByText('Timeouts and limits');
  const limit = stage.dialog().getByLabel('Events at once');
  await fold.click();
  await limit.fill('');
  await fold.click();
  await stage.dialog().getByText('Enter a number.').waitFor();
  await expect.poll(() => limit.isVisible()).toBe(true);
  await limit.fill('0');
  await fold.click();
  await limit.waitFor({ state: 'hidden' });
  await stage.dialog().getByRole('button', { name: 'Register' }).click();
  await limit.waitFor();
  expect(await limit.getAttribute('aria-invalid')).toBe('true');
  await page.keyboard.press('Escape');
});
