import { expect, test } from 'vitest';
import { freePort } from '../harness/server.ts';
import { Visit } from './visit.ts';

test('at an address other than PUBLIC_URL a person is told so, and is signed in at the right one', async () => {
  const port = await freePort();
  const visit = await Visit.start({ port, publicUrl: `http://localhost:${port}` });
  const { page } = visit;
  await page.goto(`http://127.0.0.1:${port}/sign-in`);
  await visit.signIn('ada@acme.example');
  await page.getByText('PUBLIC_URL').waitFor();
  await page.goto(`${visit.url}/sign-in`);
  await visit.signIn('ada@acme.example');
  await page.getByLabel('Organization name').waitFor();
  expect(await page.getByText('PUBLIC_URL').count()).toBe(0);
  await visit.close();
});
