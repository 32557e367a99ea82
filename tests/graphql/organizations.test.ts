import { describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import type { Answer } from './api.ts';
import { organizationId, post, script, signedIn } from './api.ts';

const room = useRelay();

describe('an organisation', () => {
  test('belongs to whoever creates it, with a slug of its name', async () => {
    const person = await signedIn(room, 'member');
    const { organization } = await person.mutate(
      'createOrganization',
      { name: 'Ácme Corp. ' },
      'organization { name slug viewerRole }',
    );
    expect(organization).toEqual({ name: 'Ácme Corp.', slug: 'a-cme-corp', viewerRole: 'OWNER' });
    const { data } = await person.ask(
      '{ viewer { organizations { slug } memberships { role organization { slug } } } }',
    );
    expect(data.viewer.organizations.map((each: { slug: string }) => each.slug)).toContain('a-cme-corp');
  });

  test('offers a free slug where one is taken', async () => {
    const person = await signedIn(room, 'owner');
    await person.mutate('createOrganization', { name: 'Taken' });
    const document = `mutation { createOrganization(input: { name: "Taken" }) {
      ... on SlugTakenError { field suggestion } } }`;
    expect((await person.ask(document)).data.createOrganization).toEqual({
      field: 'slug',
      suggestion: 'taken-2',
    });
  });

  test('is not created by an API key', async () => {
    const answer = await script(room).mutate('createOrganization', { name: 'By key' });
    expect(answer.__typename).toBe('ForbiddenError');
  });

  test('is renamed by an owner', async () => {
    const input = { id: organizationId(room.seed), name: 'Renamed' };
    const { organization } = await script(room).mutate(
      'updateOrganization',
      input,
      'organization { name slug }',
    );
    expect(organization).toEqual({ name: 'Renamed', slug: room.seed.slug });
  });

  test('lists its apps by id, forwards and backwards, and finds them as typed', async () => {
    for (const slug of ['list-a', 'list-b', 'list-c', 'list_']) {
      if (slug !== 'list_') await room.seed.app(slug);
    }
    const page = async (args: string) => {
      const document = `query P($s: String!) { organization(slug: $s) { apps(${args}) {
        edges { cursor node { appId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
      const { apps } = (await script(room).ask(document, { s: room.seed.slug })).data.organization;
      return {
        ids: apps.edges.map((edge: { node: { appId: string } }) => edge.node.appId),
        ...apps.pageInfo,
      };
    };
    const first = await page('search: "LIST-", first: 2');
    expect(first).toMatchObject({ ids: ['list-a', 'list-b'], hasNextPage: true, hasPreviousPage: false });
    const second = await page(`search: "list-", first: 2, after: "${first.endCursor}"`);
    expect(second).toMatchObject({ ids: ['list-c'], hasNextPage: false, hasPreviousPage: true });
    const back = await page(`search: "list-", last: 2, before: "${second.startCursor}"`);
    expect(back.ids).toEqual(['list-a', 'list-b']);
    // What is typed is text, not a pattern.
    expect((await page('search: "list_"')).ids).toEqual([]);
    expect((await page('search: "%"')).ids).toEqual([]);
  });
});

describe('an API key', () => {
  const create = async (fields: object = {}) => {
    const owner = await signedIn(room, 'owner');
    const input = { organizationId: organizationId(room.seed), name: 'CI', ...fields };
    return {
      owner,
      ...(await owner.mutate(
        'createApiKey',
        input,
        'key apiKey { id lookup revokedAt createdBy { email } }',
      )),
    };
  };
  const works = async (key: string) => {
    const answer = await post(
      room,
      '{ viewer { apiKey { name } user { email } } }',
      {},
      { authorization: `Bearer ${key}` },
    );
    return answer.status === 200 && answer.data.viewer.apiKey.name === 'CI';
  };

  test('is shown once and acts for its creator', async () => {
    const { owner, key, apiKey } = await create();
    expect(key).toMatch(new RegExp(`^rlo_${room.seed.slug}_[0-9a-z]{57}$`));
    expect(apiKey.createdBy.email).toBe(owner.email);
    expect(await works(key)).toBe(true);
    const list = `query K($s: String!) { organization(slug: $s) { apiKeys { edges { node { lookup lastUsedAt } } } } }`;
    const { text } = await owner.ask(list, { s: room.seed.slug });
    expect(text).toContain(apiKey.lookup);
    expect(text).not.toContain(key.slice(-40));
  });

  test('ends when it is revoked, when it expires, and with its creator’s membership', async () => {
    const revoked = await create();
    const after = await revoked.owner.mutate(
      'revokeApiKey',
      { id: revoked.apiKey.id },
      'apiKey { revokedAt }',
    );
    expect(after.apiKey.revokedAt).toEqual(expect.any(String));
    expect(await works(revoked.key)).toBe(false);

    const expiring = await create({ expiresAt: new Date(room.clock.now() + 60_000).toISOString() });
    expect(await works(expiring.key)).toBe(true);
    room.clock.advance(60_001);
    expect(await works(expiring.key)).toBe(false);

    const orphan = await create();
    await room.relay.sql('delete from membership where user_id = $1', [orphan.owner.userId]);
    expect(await works(orphan.key)).toBe(false);
  });

  test('cannot expire in the past', async () => {
    const answer = await create({ expiresAt: '2001-01-01T00:00:00.000Z' });
    expect(answer.fields).toMatchObject([{ field: 'expiresAt' }]);
  });

  test('manages no keys, neither others nor itself', async () => {
    const { apiKey } = await create();
    const input = { organizationId: organizationId(room.seed), name: 'More' };
    expect((await script(room).mutate('createApiKey', input)).__typename).toBe('ForbiddenError');
    expect((await script(room).mutate('revokeApiKey', { id: apiKey.id })).__typename).toBe('ForbiddenError');
  });
});

test('members are listed by address, a page at a time', async () => {
  await signedIn(room, 'member');
  const document = `query M($s: String!, $after: String) { organization(slug: $s) { members(first: 1, after: $after) {
    edges { node { role user { email } } } pageInfo { hasNextPage endCursor } } } }`;
  const emails: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const answer: Answer = await script(room).ask(document, { s: room.seed.slug, after });
    const { members } = answer.data.organization;
    emails.push(members.edges[0].node.user.email);
    more = members.pageInfo.hasNextPage;
    after = members.pageInfo.endCursor;
  }
  expect(emails.length).toBeGreaterThan(1);
  expect(emails).toEqual([...emails].sort());
});

test('a member reads and a stranger does not', async () => {
  const member = await signedIn(room, 'member');
  const { data } = await member.ask(
    `{ organization(slug: "${room.seed.slug}") { viewerRole apps { edges { cursor } } } }`,
  );
  expect(data.organization.viewerRole).toBe('MEMBER');
  const { data: nobody } = await post(room, '{ viewer { organizations { slug } } signup { open firstRun } }');
  expect(nobody).toEqual({ viewer: null, signup: { open: true, firstRun: false } });
});
