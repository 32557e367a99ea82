import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createVerifier } from '../../server/credentials/verifier.ts';
import { provisionApiKey } from '../../server/domain/apiKeys.ts';
import { useRelay } from '../harness/room.ts';
import type { Person } from './api.ts';
import { organizationId, script, signedIn } from './api.ts';
import { newGuest, peopleOf } from './people.ts';

/** What a person could do by others' hands ends with what they may do themselves. */
const room = useRelay();
const { invite, membershipOf, outsider } = peopleOf(room);

interface Entry {
  actor: string;
  target: string;
  targetType: string;
  details: { name: string; value: string }[];
}

/** The latest of one kind in the audit log, newest first. */
async function entriesOf(action: string): Promise<Entry[]> {
  const { data } = await script(room).ask(
    `query L($s: String!, $f: AuditFilter) { organization(slug: $s) { auditLog(filter: $f, first: 50) {
      edges { node { actor target targetType details { name value } } } } } }`,
    { s: room.seed.slug, f: { actions: [action] } },
  );
  return data.organization.auditLog.edges.map(({ node }: { node: Entry }) => node);
}

/** How many statements wait for a lock on this Relay's database. */
async function waiting(): Promise<number> {
  const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return Number((await room.relay.sql(sql))[0]!['n']);
}

/** What became of a person's right to invite, and how they or another owner bring it about. */
const ENDINGS: [string, (inviter: Person, owner: Person) => Promise<{ __typename: string }>][] = [
  ['is removed', async (inviter, owner) => owner.mutate('removeMember', { id: await membershipOf(inviter) })],
  ['leaves', (inviter) => inviter.mutate('leaveOrganization', { organizationId: organizationId(room.seed) })],
  [
    'is made a member',
    async (inviter, owner) => owner.mutate('changeRole', { id: await membershipOf(inviter), role: 'MEMBER' }),
  ],
  [
    'becomes a member by their own hand',
    async (inviter) => inviter.mutate('changeRole', { id: await membershipOf(inviter), role: 'MEMBER' }),
  ],
];

describe('an owner who', () => {
  test.each(ENDINGS)('%s leaves no open invitation behind', async (_how, ending) => {
    const [owner, inviter] = [await signedIn(room, 'owner'), await signedIn(room, 'owner')];
    const [email, expired, other] = [newGuest(), newGuest(), newGuest()];
    const { invitation: late } = await invite(inviter, expired, 'OWNER');
    await room.relay.sql('update invitation set expires_at = created_at where email = $1', [expired]);
    const { invitation } = await invite(inviter, email, 'OWNER');
    const { invitation: kept } = await invite(owner, other);
    expect((await ending(inviter, owner)).__typename).toMatch(/Success$/);

    const guest = await outsider(email);
    const refused = await guest.mutate('acceptInvitation', { id: invitation.id });
    expect(refused).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('revoked'),
    });
    expect((await guest.ask('{ viewer { invitations { id } } }')).data.viewer.invitations).toEqual([]);
    for (const { id } of [invitation, late])
      expect((await owner.mutate('resendInvitation', { id })).__typename).toBe('NotFoundError');
    const witness = await outsider(other);
    expect((await witness.mutate('acceptInvitation', { id: kept.id })).__typename).toBe(
      'AcceptInvitationSuccess',
    );

    const recorded = await entriesOf('INVITATION_REVOKED');
    for (const each of [email, expired])
      expect(recorded.filter(({ target }) => target === each)).toMatchObject([
        {
          targetType: 'Invitation',
          details: [
            { name: 'role', value: 'owner' },
            { name: 'invitedBy', value: inviter.email },
          ],
        },
      ]);
    expect(recorded.filter(({ target }) => target === other)).toEqual([]);
  });

  test('is removed while their guest accepts: the guest is a member and the invitation accepted, or neither', async () => {
    const [owner, inviter] = [await signedIn(room, 'owner'), await signedIn(room, 'owner')];
    const email = newGuest();
    const { invitation } = await invite(inviter, email);
    const guest = await outsider(email);
    const [accepted] = await Promise.all([
      guest.mutate('acceptInvitation', { id: invitation.id }),
      owner.mutate('removeMember', { id: await membershipOf(inviter) }),
    ]);
    const [row] = await room.relay.sql('select accepted_at, revoked_at from invitation where email = $1', [
      email,
    ]);
    const came = accepted.__typename === 'AcceptInvitationSuccess';
    expect([row!['accepted_at'] !== null, row!['revoked_at'] !== null]).toEqual([came, !came]);
    const revoked = (await entriesOf('INVITATION_REVOKED')).filter(({ target }) => target === email);
    expect(revoked).toHaveLength(came ? 0 : 1);
  });
});

describe('a membership', () => {
  test('that is ended names in the audit log each API key that ended with it', async () => {
    const [owner, second] = [await signedIn(room, 'owner'), await signedIn(room, 'owner')];
    const create = async (name: string) => {
      const input = { organizationId: organizationId(room.seed), name };
      return (await second.mutate('createApiKey', input, 'apiKey { id lookup }')).apiKey;
    };
    const [gone, nightly, weekly] = [await create('Gone'), await create('Nightly'), await create('Weekly')];
    await second.mutate('revokeApiKey', { id: gone.id });
    await owner.mutate('removeMember', { id: await membershipOf(second) });
    const recorded = (await entriesOf('API_KEY_REVOKED')).filter(({ actor }) => actor === owner.email);
    const details = [{ name: 'createdBy', value: second.email }];
    expect(recorded.map(({ target }) => target).sort()).toEqual([
      `Nightly (${nightly.lookup})`,
      `Weekly (${weekly.lookup})`,
    ]);
    for (const entry of recorded) expect(entry).toMatchObject({ targetType: 'ApiKey', details });
    const [removal] = await entriesOf('MEMBER_REMOVED');
    expect(removal).toMatchObject({ target: second.email, details: [{ name: 'role', value: 'owner' }] });
  });

  const byHand = async (holder: Person) => {
    const input = { organizationId: organizationId(room.seed), name: 'Just so' };
    expect((await holder.mutate('createApiKey', input)).__typename).toBe('CreateApiKeySuccess');
  };
  const byCommand = (holder: Person) =>
    provisionApiKey(
      { em: room.relay.relay.orm.em, clock: room.clock, verifier: createVerifier() },
      { orgSlug: room.seed.slug, email: holder.email, name: 'Just so', scopes: ['read'] },
    );

  test.each([
    ['its holder makes an API key', byHand],
    ['a command makes an API key for its holder', byCommand],
  ])('that is ended while %s leaves none that would come to life again', async (_who, create) => {
    const [owner, second] = [await signedIn(room, 'owner'), await signedIn(room, 'owner')];
    const id = await membershipOf(second);
    const lock = new pg.Client({ connectionString: room.relay.databaseUrl });
    await lock.connect();
    await lock.query('begin; lock table api_key in share mode');
    const creation = create(second);
    await expect.poll(waiting).toBe(1);
    let over = false;
    const removal = owner.mutate('removeMember', { id }).finally(() => (over = true));
    // Done before the key is stored, or waiting behind it.
    await expect.poll(async () => over || (await waiting()) === 2).toBe(true);
    await lock.query('commit').finally(() => lock.end());
    await creation;
    expect((await removal).__typename).toBe('RemoveMemberSuccess');
    const alive = 'select name from api_key where created_by_id = $1 and revoked_at is null';
    expect(await room.relay.sql(alive, [second.userId])).toEqual([]);
  });
});
