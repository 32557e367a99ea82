import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import type { Person } from './api.ts';
import { globalId, nobody, organizationId, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';
import { Mailbox } from './mailbox.ts';

const mailbox = new Mailbox();
const config = { smtpUrl: '', printCodes: false, signup: 'invite' as const };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());
afterEach(closeWatches);

const DAY = 86_400_000;
let guests = 0;
const newGuest = () => `guest-${(guests += 1)}@people.test`;

async function membershipOf(person: Person): Promise<string> {
  const rows = await room.relay.sql('select id from membership where user_id = $1 and organization_id = $2', [
    person.userId,
    room.seed.organizationId,
  ]);
  return globalId('Membership', String(rows[0]!['id']));
}

/** The seed's own owner steps back, so that a test decides who owns. */
async function soleOwner(): Promise<Person> {
  const owner = await signedIn(room, 'owner');
  await room.relay.sql(`delete from membership where organization_id = $1 and user_id <> $2`, [
    room.seed.organizationId,
    owner.userId,
  ]);
  return owner;
}

async function invite(owner: Person, email = newGuest(), role = 'MEMBER') {
  const input = { organizationId: organizationId(room.seed), email, role };
  const selection = 'mailed invitation { id email role state expiresAt organizationName invitedBy }';
  return owner.mutate('inviteMember', input, selection);
}

/** Somebody with this address who is signed in and belongs nowhere. */
async function outsider(email: string): Promise<Person> {
  const person = await signedIn(room, 'member');
  await room.relay.sql('delete from membership where user_id = $1', [person.userId]);
  await room.relay.sql('update user_account set email = $2 where id = $1', [person.userId, email]);
  return person;
}

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

const ACCEPTED = 'membership { role organization { slug apps { edges { cursor } } } }';

describe('an invitation', () => {
  test('is mailed in both forms with a link that opens nothing by itself', async () => {
    const owner = await signedIn(room, 'owner');
    await owner.mutate('updateOrganization', { id: organizationId(room.seed), name: '<b>Acme</b> & Co' });
    const { mailed, invitation } = await invite(owner, ' New.Guest@People.test ');
    expect(mailed).toBe(true);
    expect(invitation).toMatchObject({ email: 'new.guest@people.test', role: 'MEMBER', state: 'PENDING' });
    expect(Date.parse(invitation.expiresAt)).toBeCloseTo(room.clock.now() + 7 * DAY, -5);
    const mail = await mailbox.text('new.guest@people.test');
    expect(mail).toContain('text/plain');
    expect(mail).toContain('text/html');
    expect(mail).toContain('&lt;b&gt;Acme&lt;/b&gt; &amp; Co');
    expect(mail).toMatch(/http:\/\/localhost:\d+\/invitations\/[0-9a-f-]{36}/);
    expect((await nobody(room).mutate('acceptInvitation', { id: invitation.id })).__typename).toBe(
      'ForbiddenError',
    );
  });

  test('makes its addressee, and nobody else, a member with the role it names', async () => {
    const owner = await signedIn(room, 'owner');
    const email = newGuest();
    const { invitation } = await invite(owner, email);
    const [guest, other] = [await outsider(email), await outsider(newGuest())];
    for (const person of [other, owner]) {
      const refused = await person.mutate('acceptInvitation', { id: invitation.id });
      expect(refused).toMatchObject({ __typename: 'NotFoundError', message: 'Not found.' });
    }
    const { data } = await guest.ask(
      '{ viewer { invitations { id organizationName invitedBy } organizations { id } } }',
    );
    expect(data.viewer).toEqual({
      invitations: [{ id: invitation.id, organizationName: room.seed.slug, invitedBy: owner.email }],
      organizations: [],
    });
    const { membership } = await guest.mutate('acceptInvitation', { id: invitation.id }, ACCEPTED);
    expect(membership).toMatchObject({ role: 'MEMBER', organization: { slug: room.seed.slug } });
    const again = await guest.mutate('acceptInvitation', { id: invitation.id });
    expect(again).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('accepted'),
    });
  });

  test('lets its addressee sign in where sign-up is closed, until it is revoked or expires', async () => {
    const owner = await signedIn(room, 'owner');
    const ask = (email: string) =>
      nobody(room)
        .mutate('requestLoginCode', { email })
        .then((answer) => answer.__typename);
    const [invited, revoked, expired] = [newGuest(), newGuest(), newGuest()];
    await invite(owner, expired);
    room.clock.advance(7 * DAY + 1);
    const later = await signedIn(room, 'owner');
    await later.mutate('revokeInvitation', { id: (await invite(later, revoked)).invitation.id });
    await invite(later, invited);
    for (const email of [revoked, expired, invited]) expect(await ask(email)).toBe('RequestLoginCodeSuccess');
    await mailbox.code(invited, 2);
    // The invitations themselves, and no code.
    expect([mailbox.count(revoked), mailbox.count(expired)]).toEqual([1, 1]);
  });

  test('cannot be accepted once revoked or expired; sent again, it can', async () => {
    const owner = await signedIn(room, 'owner');
    const email = newGuest();
    const { invitation } = await invite(owner, email);
    room.clock.advance(7 * DAY + 1);
    const [guest, host] = [await outsider(email), await signedIn(room, 'owner')];
    const accept = () => guest.mutate('acceptInvitation', { id: invitation.id });
    expect((await accept()).message).toContain('expired');
    const renewed = await host.mutate(
      'resendInvitation',
      { id: invitation.id },
      'mailed invitation { state expiresAt }',
    );
    expect(renewed).toMatchObject({ mailed: true, invitation: { state: 'PENDING' } });
    await mailbox.text(email, 2);
    await host.mutate('revokeInvitation', { id: invitation.id });
    expect((await accept()).message).toContain('revoked');
    expect((await host.mutate('resendInvitation', { id: invitation.id })).__typename).toBe('NotFoundError');
    expect((await invite(host, email)).__typename).toBe('InviteMemberSuccess');
  });

  test('is refused for members, for whoever is invited already, and for what is no address', async () => {
    const owner = await signedIn(room, 'owner');
    const email = newGuest();
    await invite(owner, email);
    for (const taken of [email, owner.email, 'nonsense']) {
      expect((await invite(owner, taken)).fields).toMatchObject([{ field: 'email' }]);
    }
  });

  test('is listed for all members, and managed by owners who are signed in', async () => {
    const [owner, member] = [await signedIn(room, 'owner'), await signedIn(room, 'member')];
    const email = newGuest();
    const { invitation } = await invite(owner, email);
    const list = `query I($s: String!) { organization(slug: $s) { invitations { edges { node { email } } } } }`;
    const { data } = await member.ask(list, { s: room.seed.slug });
    expect(data.organization.invitations.edges).toEqual([{ node: { email } }]);
    for (const person of [member, script(room)]) {
      expect((await invite(person)).__typename).toBe('ForbiddenError');
      for (const name of ['resendInvitation', 'revokeInvitation']) {
        expect((await person.mutate(name, { id: invitation.id })).__typename).toBe('ForbiddenError');
      }
    }
  });
});

describe('a role', () => {
  const CONNECTIONS = `subscription C($o: ID!) { connectionChanged(organizationId: $o) { subject { __typename } } }`;

  test('is changed by an owner, and ends the subscriptions of the person within a second', async () => {
    const [owner, member] = [await signedIn(room, 'owner'), await signedIn(room, 'member')];
    await room.seed.app();
    const watch = new Watch(member, CONNECTIONS, { o: organizationId(room.seed) });
    const bystander = new Watch(owner, CONNECTIONS, { o: organizationId(room.seed) });
    await Promise.all([watch.next(), bystander.next()]);
    const began = performance.now();
    const id = await membershipOf(member);
    const { membership } = await owner.mutate('changeRole', { id, role: 'OWNER' }, 'membership { role }');
    expect(membership.role).toBe('OWNER');
    expect((await watch.closed).code).toBe(4403);
    expect(performance.now() - began).toBeLessThan(1_000);
    const registered = await member.mutate('registerApp', {
      organizationId: organizationId(room.seed),
      name: 'New',
      appId: 'by-new-owner',
    });
    expect(registered.__typename).toBe('RegisterAppSuccess');
    expect(await Promise.race([bystander.ended, Promise.resolve('open')])).toBe('open');
  });

  test('is not changed by members, nor by API keys', async () => {
    const member = await signedIn(room, 'member');
    const id = await membershipOf(member);
    for (const person of [member, script(room)]) {
      expect((await person.mutate('changeRole', { id, role: 'OWNER' })).__typename).toBe('ForbiddenError');
      expect((await person.mutate('removeMember', { id })).__typename).toBe('ForbiddenError');
    }
    expect(
      (await script(room).mutate('leaveOrganization', { organizationId: organizationId(room.seed) }))
        .__typename,
    ).toBe('ForbiddenError');
  });

  test('of the last owner is kept: neither demoted, nor removed, nor gone', async () => {
    const owner = await soleOwner();
    const id = await membershipOf(owner);
    const answers = [
      await owner.mutate('changeRole', { id, role: 'MEMBER' }),
      await owner.mutate('removeMember', { id }),
      await owner.mutate('leaveOrganization', { organizationId: organizationId(room.seed) }),
    ];
    expect(answers.map((answer) => answer.__typename)).toEqual(Array(3).fill('LastOwnerError'));
  });

  test('of two owners who demote each other at once: one stays an owner', async () => {
    const first = await soleOwner();
    const second = await signedIn(room, 'owner');
    const [a, b] = [await membershipOf(first), await membershipOf(second)];
    const answers = await Promise.all([
      first.mutate('changeRole', { id: b, role: 'MEMBER' }),
      second.mutate('changeRole', { id: a, role: 'MEMBER' }),
    ]);
    expect(answers.filter((answer) => answer.__typename === 'ChangeRoleSuccess')).toHaveLength(1);
    const owners = await room.relay.sql(
      `select 1 from membership where organization_id = $1 and role = 'owner'`,
      [room.seed.organizationId],
    );
    expect(owners).toHaveLength(1);
  });
});

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

  test('that is ended while its holder makes an API key leaves none that would come to life again', async () => {
    const [owner, second] = [await signedIn(room, 'owner'), await signedIn(room, 'owner')];
    const id = await membershipOf(second);
    const input = { organizationId: organizationId(room.seed), name: 'Just so' };
    const lock = new pg.Client({ connectionString: room.relay.databaseUrl });
    await lock.connect();
    await lock.query('begin; lock table api_key in share mode');
    const creation = second.mutate('createApiKey', input);
    await expect.poll(waiting).toBe(1);
    let over = false;
    const removal = owner.mutate('removeMember', { id }).finally(() => (over = true));
    // Done before the key is stored, or waiting behind it.
    await expect.poll(async () => over || (await waiting()) === 2).toBe(true);
    await lock.query('commit').finally(() => lock.end());
    expect((await creation).__typename).toBe('CreateApiKeySuccess');
    expect((await removal).__typename).toBe('RemoveMemberSuccess');
    const alive = 'select name from api_key where created_by_id = $1 and revoked_at is null';
    expect(await room.relay.sql(alive, [second.userId])).toEqual([]);
  });

  test('that is ended takes subscriptions within a second, and API keys for good', async () => {
    const [owner, second] = [await signedIn(room, 'owner'), await signedIn(room, 'owner')];
    const { key } = await second.mutate(
      'createApiKey',
      { organizationId: organizationId(room.seed), name: 'Theirs' },
      'key',
    );
    const events = `subscription E($o: ID!) { eventChanged(organizationId: $o) { ready } }`;
    const watch = new Watch(second, events, { o: organizationId(room.seed) });
    await watch.next();
    const began = performance.now();
    const id = await membershipOf(second);
    expect((await owner.mutate('removeMember', { id }, 'id')).id).toBe(id);
    expect((await watch.closed).code).toBe(4403);
    expect(performance.now() - began).toBeLessThan(1_000);
    const seen = await second.ask(`{ organization(slug: "${room.seed.slug}") { id } }`);
    expect(seen.data.organization).toBeNull();
    // Back again, the person has no key of the time before.
    const { invitation } = await invite(owner, second.email, 'OWNER');
    expect((await second.mutate('acceptInvitation', { id: invitation.id })).__typename).toBe(
      'AcceptInvitationSuccess',
    );
    const { status } = await fetch(`${room.relay.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{"query":"{ viewer { apiKey { name } } }"}',
    });
    expect(status).toBe(401);
  });

  test('is left by its holder, who belongs to the others still', async () => {
    const member = await signedIn(room, 'member');
    await member.mutate('leaveOrganization', { organizationId: organizationId(room.seed) });
    expect((await member.ask('{ viewer { user { email } organizations { id } } }')).data.viewer).toEqual({
      user: { email: member.email },
      organizations: [],
    });
  });
});

test('an address that is Relay’s own is no slug', async () => {
  const owner = await signedIn(room, 'owner');
  const refused = await owner.mutate('createOrganization', { name: 'Sign-In' });
  expect(refused.fields).toMatchObject([{ field: 'name' }]);
});
