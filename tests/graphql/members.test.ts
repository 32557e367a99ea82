import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useRelay } from '../harness/room.ts';
import type { Person } from './api.ts';
import { nobody, organizationId, script, signedIn } from './api.ts';
import { closeWatches, Watch } from './live.ts';
import { Mailbox } from './mailbox.ts';
import { newGuest, peopleOf } from './people.ts';

const mailbox = new Mailbox();
const config = { smtpUrl: '', printCodes: false, signup: 'invite' as const };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());
afterEach(closeWatches);

const DAY = 86_400_000;
const { invite, membershipOf, outsider } = peopleOf(room);

/** The seed's own owner steps back, so that a test decides who owns. */
async function soleOwner(): Promise<Person> {
  const owner = await signedIn(room, 'owner');
  await room.relay.sql(`delete from membership where organization_id = $1 and user_id <> $2`, [
    room.seed.organizationId,
    owner.userId,
  ]);
  return owner;
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

describe('a membership', () => {
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

test('who stops owning an organization opens no other one in the same document, where sign-up is closed', async () => {
  const owner = await signedIn(room, 'owner');
  const { data } = await owner.ask(
    `mutation M($id: ID!) { role: changeRole(input: { id: $id, role: MEMBER }) { __typename }
      other: createOrganization(input: { name: "Another" }) { __typename } }`,
    { id: await membershipOf(owner) },
  );
  expect([data.role.__typename, data.other.__typename]).toEqual(['ChangeRoleSuccess', 'ForbiddenError']);
});

test('an address that is Relay’s own is no slug', async () => {
  const owner = await signedIn(room, 'owner');
  const refused = await owner.mutate('createOrganization', { name: 'Sign-In' });
  expect(refused.fields).toMatchObject([{ field: 'name' }]);
});
