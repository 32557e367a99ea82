import { describe, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import { Person, organizationId, signedIn } from './api.ts';
import { decisions, setStage } from './decisions.ts';

/** Generated from the schema: what is added to it is tried with a key that may only read, without anybody remembering to. */
const room = useRelay();

async function keyOf(owner: Person, scopes: string[]): Promise<{ scopes: string[]; key: Person }> {
  const input = { organizationId: organizationId(room.seed), name: 'CI', scopes };
  const { key, apiKey } = await owner.mutate('createApiKey', input, 'key apiKey { scopes }');
  return { scopes: apiKey.scopes, key: new Person(room, { authorization: `Bearer ${key}` }) };
}

/** What needs no organisation, and so no scope. */
const FOR_ANYBODY: Record<string, string> = {
  requestLoginCode: 'mails a code to the address it is given, whoever asks',
  verifyLoginCode: 'signs in whose code it is, whoever brings it',
};
/** It has no input; tried below. */
const WITHOUT_INPUT = 'signOut';

const mutations = Object.keys(schema.getMutationType()!.getFields());
const guarded = mutations.filter((name) => !(name in FOR_ANYBODY) && name !== WITHOUT_INPUT);

describe('a key that may only read', () => {
  test.each(guarded)('is refused by %s, which changes nothing', async (name) => {
    const decision = decisions[name];
    if (!decision) throw new Error(`Give ${name} an input in tests/graphql/decisions.ts.`);
    const stage = await setStage(room);
    const { key } = await keyOf(stage.owner, ['READ']);
    const input = await decision.input(stage);
    const before = await room.relay.sql('select count(*) from audit_entry');
    expect((await key.mutate(name, input)).__typename).toBe('ForbiddenError');
    expect(await room.relay.sql('select count(*) from audit_entry')).toEqual(before);
    // So it was not for the input.
    const actor = decision.as?.(stage) ?? stage.owner;
    expect((await actor.mutate(name, input)).__typename).toMatch(/Success$/);
  });

  test('is refused by signOut: it has no session, and ends nobody else’s', async () => {
    const { owner } = await setStage(room);
    const { key } = await keyOf(owner, ['READ']);
    const { data } = await key.ask('mutation { signOut { __typename } }');
    expect(data.signOut.__typename).toBe('ForbiddenError');
    expect((await owner.ask('{ viewer { user { email } } }')).data.viewer.user.email).toBe(owner.email);
  });

  test('is told which scope it lacks, where a key with it may', async () => {
    const { owner, app } = await setStage(room);
    const [reader, manager] = [await keyOf(owner, ['READ']), await keyOf(owner, ['MANAGE'])];
    expect(await reader.key.mutate('deactivateApp', { id: app })).toMatchObject({
      __typename: 'ForbiddenError',
      message: expect.stringContaining('"manage"'),
    });
    expect((await manager.key.mutate('deactivateApp', { id: app })).__typename).toBe('DeactivateAppSuccess');
  });

  test('reads', async () => {
    const { key } = await keyOf(await signedIn(room, 'owner'), ['READ']);
    const { data } = await key.ask(
      `{ organization(slug: "${room.seed.slug}") { apps { edges { cursor } } } }`,
    );
    expect(data.organization.apps.edges).toEqual(expect.any(Array));
  });
});

test('a key that manages reads as well, and one without a scope is none', async () => {
  const owner = await signedIn(room, 'owner');
  expect((await keyOf(owner, ['READ'])).scopes).toEqual(['READ']);
  expect((await keyOf(owner, ['MANAGE'])).scopes).toEqual(['READ', 'MANAGE']);
  const input = { organizationId: organizationId(room.seed), name: 'CI', scopes: [] };
  expect((await owner.mutate('createApiKey', input)).fields).toMatchObject([{ field: 'scopes' }]);
});
