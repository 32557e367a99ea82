import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventIdFloor } from '../../server/domain/eventId.ts';
import { useStage } from './stage.ts';

const stage = useStage();

/** Everything a page may show becomes another while no server is there to tell of it. */
async function changeBehindItsBack(event: string): Promise<void> {
  const { visit } = stage;
  await visit.sql(`update organization set name = 'Acme Group'`);
  await visit.sql(`update app set name = 'Gateway'`);
  await visit.sql(`update agent set name = 'Minerva'`);
  await visit.sql(
    `update event set status = 'failed', error_code = 'AGENT_ERROR', error_text = 'Meanwhile.', settled_at = now() where id = $1`,
    [event],
  );
  await visit.sql(
    `insert into event (id, organization_id, app_id, agent_id, agent_slug, thread_id, status, origin, payload, accepted_at)
     select $1, organization_id, app_id, agent_id, agent_slug, 'while-away', 'pending', 'app', payload, now() from event where id = $2`,
    [`${eventIdFloor(Date.now())}0000001`, event],
  );
  const grace = [randomUUID(), randomUUID()];
  await visit.sql(
    `insert into user_account (id, email, created_at) values ($1, 'grace@acme.example', now())`,
    [grace[0]],
  );
  await visit.sql(
    `insert into membership (id, organization_id, user_id, role, created_at) select $2, id, $1, 'member', now() from organization`,
    grace,
  );
  await visit.sql(
    `insert into audit_entry (id, organization_id, at, action, actor_kind, actor, target_type, target, details)
     select $1, id, now(), 'MEMBER_ADDED', 'command', 'relay command', 'member', 'grace@acme.example', '{}' from organization`,
    [randomUUID()],
  );
}

test('every page left open goes on by itself after the server was away, with nothing stale', async () => {
  const { visit } = stage;
  const event = await stage.happens('open', { text: 'Are you there?' });
  const { apps, agents } = (
    await visit.graphql(
      `{ organization(slug: "acme") { apps { edges { node { id } } } agents { edges { node { id } } } } }`,
    )
  )['organization'] as unknown as Record<'apps' | 'agents', { edges: { node: { id: string } }[] }>;
  const detail = (kind: string, of: typeof apps) =>
    `/acme/${kind}/${encodeURIComponent(of.edges[0]?.node.id ?? '')}`;
  const places: [path: string, before: string, after: string][] = [
    ['/acme', 'Portal', 'Gateway'],
    ['/acme/apps', 'Portal', 'Gateway'],
    [detail('apps', apps), 'Portal', 'Gateway'],
    ['/acme/agents', 'Athena', 'Minerva'],
    [detail('agents', agents), 'Athena', 'Minerva'],
    ['/acme/events', 'open', 'while-away'],
    [`/acme/events/${event}`, 'Waiting for its first words', 'Meanwhile.'],
    ['/acme/console', 'Talk to Athena', 'Talk to Minerva'],
    ['/acme/members', 'ada@acme.example', 'grace@acme.example'],
    ['/acme/audit', 'ada@acme.example', 'grace@acme.example'],
    ['/acme/settings', 'Acme Corp', 'Acme Group'],
  ];
  const seen = (page: Page, text: string) =>
    page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor({ timeout: 15_000 });
  const pages: Page[] = [];
  for (const [path, before] of places) {
    const page = await visit.page.context().newPage();
    await page.goto(visit.url + path);
    await seen(page, before);
    pages.push(page);
  }
  const interrupted = 'Live updates are interrupted. Reconnecting…';
  await visit.restart(async () => {
    for (const page of pages) await page.getByText(interrupted).waitFor();
    await changeBehindItsBack(event);
  });
  const stale: string[] = [];
  for (const [index, [path, , after]] of places.entries()) {
    const page = pages[index]!;
    const organization = page.getByRole('combobox', { name: 'Organization' }).getByText('Acme Group');
    await Promise.all([
      seen(page, after),
      page.getByText(interrupted).waitFor({ state: 'detached' }),
      organization.waitFor({ state: 'attached' }),
    ]).catch((error: unknown) => stale.push(`${path}: ${String(error).slice(0, 200)}`));
  }
  expect(stale).toEqual([]);
}, 180_000);
