import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { violations } from './axe.ts';
import { focused, useStage } from './stage.ts';

const APPS = 120;
const SAID = 'could not be loaded. Relay cannot be reached. Check that the server is running and try again.';

/** An organisation with more apps than two pages of a list hold, all of which its agent is for. */
const stage = useStage();

beforeAll(() => stage.crowd(APPS));

/** Lets the further pages of this operation come to nothing, while something is done; returns how many were asked for. */
async function failing(operation: string, meanwhile: () => Promise<void>): Promise<number> {
  const { page } = stage.visit;
  let asked = 0;
  await page.route('**/graphql', (route) => {
    const { operationName, variables } = route.request().postDataJSON() as {
      operationName: string;
      variables: { after?: string | null };
    };
    if (operationName !== operation || !variables.after) return route.continue();
    asked += 1;
    return route.abort();
  });
  await meanwhile().finally(() => page.unroute('**/graphql'));
  return asked;
}

/** Reads on in vain, then with success, all with the keys on one button, while the rows stay. */
async function triesAgain(place: Locator, operation: string, what: string, rows: Locator): Promise<void> {
  const { page } = stage.visit;
  const before = await rows.count();
  await failing(operation, async () => {
    await place.getByRole('button', { name: 'Load more' }).focus();
    await page.keyboard.press('Enter');
    await place.getByRole('alert').getByText(`Further ${what} ${SAID}`).waitFor();
    expect(await rows.count()).toBe(before);
    expect(await violations(page)).toEqual([]);
    const failed = page.waitForEvent('requestfailed', (request) =>
      Boolean(request.postData()?.includes('"after":"')),
    );
    await page.keyboard.press('Enter');
    await failed;
    await place.getByRole('alert').waitFor();
  });
  expect(await focused(place.getByRole('button', { name: 'Try again' }))).toBe(true);
  await page.keyboard.press('Enter');
  await place.getByRole('alert').waitFor({ state: 'detached' });
  await expect.poll(() => rows.count()).toBeGreaterThan(before);
}

test('a further page of a table that does not come says so below the rows, and is asked for again', async () => {
  const { page, url } = stage.visit;
  await page.goto(`${url}/acme/apps`);
  const rows = page.getByRole('row').filter({ hasText: 'App ' });
  await rows.first().waitFor();
  await triesAgain(page.getByRole('main'), 'Apps', 'apps', rows);
});

test('so does one of an allowlist, whose rows stay also when they are read anew', async () => {
  const { page, url } = stage.visit;
  await page.goto(`${url}/acme/agents`);
  await page.getByRole('link', { name: 'Athena' }).click();
  const list = page.getByRole('region', { name: 'Allowlist' });
  const entries = list.getByRole('button', { name: /^Remove App / });
  await entries.first().waitFor();
  await triesAgain(list, 'Allowlist', 'apps', entries);
  await expect.poll(() => entries.count()).toBe(100);
  await failing('Allowlist', async () => {
    // The pages behind it begin elsewhere now, and do not come.
    await list.getByRole('button', { name: 'Remove App 20', exact: true }).click();
    await list.getByText(`Further apps ${SAID}`).waitFor();
    await list.getByRole('button', { name: 'Remove App 20', exact: true }).waitFor({ state: 'detached' });
    expect(await entries.count()).toBe(99);
  });
  await list.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => entries.count()).toBe(100);
});

test('so does one of the apps to choose from', async () => {
  await stage.visit.page.getByRole('button', { name: 'Choose apps' }).click();
  const boxes = stage.dialog().getByRole('checkbox');
  await boxes.first().waitFor();
  await triesAgain(stage.dialog(), 'AppChoices', 'apps', boxes);
  await stage.visit.page.keyboard.press('Escape');
  await stage.dialog().waitFor({ state: 'detached' });
});

test('a list of options says that it is not whole, and reads on when one comes to its end again', async () => {
  const { page } = stage.visit;
  // Nothing is known of the pages that were read before.
  await page.reload();
  const reach = page.getByRole('combobox', { name: 'May it be reached by' });
  const options = page.getByRole('region', { name: 'Allowlist' }).getByRole('option');
  const asked = await failing('AppChoices', async () => {
    await reach.click();
    // As with a finger, which marks nothing while it scrolls.
    await page.mouse.move(0, 0);
    await options.nth(99).scrollIntoViewIfNeeded();
    await page.getByText(`Further apps ${SAID}`).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await options.count()).toBe(100);
  });
  // As often as something was done, and not by itself again and again.
  expect(asked).toBeLessThan(6);
  await options.nth(60).scrollIntoViewIfNeeded();
  await options.nth(99).scrollIntoViewIfNeeded();
  await expect.poll(() => options.count()).toBe(APPS + 1);
  // What has come leaves whoever has scrolled where they are.
  expect(await options.nth(99).evaluate(({ parentElement }) => parentElement?.scrollTop)).toBeGreaterThan(
    1_000,
  );
  expect(await page.getByText(SAID).count()).toBe(0);
  await reach.press('Escape');
});

test('so do the event logs, which do not go on by themselves after that', async () => {
  const { page, url } = stage.visit;
  const times = Array.from({ length: 60 }, (_, n) => Date.now() - n * 1_000);
  await stage.visit.sql(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at)
     select e.id, a.organization_id, a.id, g.id, g.slug, 'thread-' || e.n, 'pending', 'app', '{}', e.at
       from unnest($1::text[], $2::timestamptz[]) with ordinality as e(id, at, n), app a, agent g
       where a.slug = 'portal' and g.slug = 'athena'`,
    [times.map((time) => `${eventIdFloor(time)}0000001`), times.map((time) => new Date(time))],
  );
  const rows = page.getByRole('row').filter({ hasText: 'thread-' });
  const asked = await failing('Events', async () => {
    await page.goto(`${url}/acme/events`);
    await rows.first().waitFor();
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.getByText(`Further events ${SAID}`).waitFor();
    await page.evaluate('scrollTo(0, 0)');
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    expect(await violations(page)).toEqual([]);
  });
  // The first page is read at once and when the subscription stands, and the next one is tried with each.
  expect(asked).toBeLessThan(5);
  await page.getByRole('button', { name: 'Try again' }).click();
  await rows.filter({ hasText: 'thread-60' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('the corners of a table are round where it ends, and not above the way to further rows', async () => {
  const { page, url } = stage.visit;
  const corner = (path: string): Promise<string> =>
    page.goto(`${url}/acme/${path}`).then(() =>
      page
        .getByRole('table')
        .first()
        .evaluate(({ parentElement }) => getComputedStyle(parentElement!).borderBottomLeftRadius),
    );
  expect([await corner('apps'), await corner('agents')]).toEqual(['0px', '8px']);
});

test('the browser had nothing to complain about', () => {
  const aborted = /net::ERR_FAILED/;
  expect(stage.visit.complaints.filter((text) => !aborted.test(text))).toEqual([]);
});
