import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockedTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import type { Answer } from './api.ts';
import { organizationId, signedIn } from './api.ts';
import { Browser } from './browser.ts';
import { decisions, setStage } from './decisions.ts';
import { Mailbox } from './mailbox.ts';
import { newGuest, peopleOf } from './people.ts';
import { AUDIT, times, togetherIn, typesOf } from './together.ts';

/** Who comes, goes and signs in at the same moment, or in several tabs. */
const mailbox = new Mailbox();
const config = { smtpUrl: '', printCodes: false };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());
const { invite, membershipOf, outsider } = peopleOf(room);
const { waiting, together, recorded } = togetherIn(room);

describe('an owner', () => {
  /** What anybody does with what is theirs. */
  const own = [
    'createOrganization',
    'acceptInvitation',
    'leaveOrganization',
    'revokeSession',
    'signOutEverywhere',
  ];
  const managed = Object.entries(decisions).flatMap(([name, decision]) =>
    decision && !own.includes(name) ? [[name, decision] as const] : [],
  );

  test.each(managed)('who is being removed is refused %s', async (name, { input, action }) => {
    const stage = await setStage(room);
    const values = await input(stage);
    const other = await signedIn(room, 'owner');
    const id = await membershipOf(stage.owner);
    const byThem = async () =>
      (
        await room.relay.sql('select 1 from audit_entry where action = $1 and actor_id = $2', [
          action,
          stage.owner.userId,
        ])
      ).length;
    const before = await byThem();
    const answers = await together(AUDIT, [
      () => other.mutate('removeMember', { id }),
      () => stage.owner.mutate(name, values),
    ]);
    expect(typesOf(answers)).toEqual(['RemoveMemberSuccess', 'NotFoundError']);
    expect(await byThem()).toBe(before);
  });

  test('who becomes a member is one for the rest of the same document', async () => {
    const owner = await signedIn(room, 'owner');
    const { data } = await owner.ask(
      `mutation M($id: ID!, $o: ID!) {
        role: changeRole(input: { id: $id, role: MEMBER }) { __typename }
        app: registerApp(input: { organizationId: $o, name: "App", appId: "app" }) { __typename } }`,
      { id: await membershipOf(owner), o: organizationId(room.seed) },
    );
    expect(typesOf([data.role, data.app])).toEqual(['ChangeRoleSuccess', 'ForbiddenError']);
  });
});

describe('a sign-in code', () => {
  const codeOf = (email: string) => `select from login_code where email = '${email}' for update`;

  test('asked for several times at once is one that works', async () => {
    const email = 'asked@together.test';
    const browser = new Browser(room);
    await browser.request(email);
    await together(
      codeOf(email),
      times(4, () => browser.request(email)),
    );
    const live = await room.relay.sql('select 1 from login_code where email = $1 and consumed_at is null', [
      email,
    ]);
    expect(live).toHaveLength(1);
  });

  test('given several times at once opens one session, and locks nobody out', async () => {
    const email = 'given@together.test';
    const browser = new Browser(room);
    await browser.request(email);
    const code = await mailbox.code(email);
    const answers = await together(
      codeOf(email),
      times(5, () => browser.verify(email, code)),
    );
    expect(typesOf(answers).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'InvalidCodeError'),
      'VerifyLoginCodeSuccess',
    ]);
    expect((await browser.request(email)).__typename).toBe('RequestLoginCodeSuccess');
  });
});

describe('an invitation', () => {
  test('accepted several times at once makes one member, and is recorded once', async () => {
    const email = newGuest();
    const { invitation } = await invite(await signedIn(room, 'owner'), email);
    const guest = await outsider(email);
    const answers = await together(
      AUDIT,
      times(3, () => guest.mutate('acceptInvitation', { id: invitation.id })),
    );
    expect(typesOf(answers)).toEqual(['AcceptInvitationSuccess', 'NotFoundError', 'NotFoundError']);
    expect(await recorded('INVITATION_ACCEPTED')).toBe(1);
  });

  test('to the same address several times at once is one', async () => {
    const [owner, email] = [await signedIn(room, 'owner'), newGuest()];
    const answers = await together(
      AUDIT,
      times(3, () => invite(owner, email)),
    );
    expect(typesOf(answers)).toEqual(['InviteMemberSuccess', 'ValidationError', 'ValidationError']);
    expect(await recorded('MEMBER_INVITED')).toBe(1);
  });

  test.each(['revokeInvitation', 'resendInvitation'])(
    'that is being accepted is too late for %s',
    async (name) => {
      const [owner, email] = [await signedIn(room, 'owner'), newGuest()];
      const { invitation } = await invite(owner, email);
      const guest = await outsider(email);
      const answers = await together(AUDIT, [
        () => guest.mutate('acceptInvitation', { id: invitation.id }),
        () => owner.mutate(name, { id: invitation.id }),
      ]);
      expect(typesOf(answers)).toEqual(['AcceptInvitationSuccess', 'NotFoundError']);
    },
  );

  test('is refused to who is accepting another one and is a member by then', async () => {
    const [owner, email] = [await signedIn(room, 'owner'), newGuest()];
    const { invitation } = await invite(owner, email);
    const guest = await outsider(email);
    const lock = new pg.Client({ connectionString: room.relay.databaseUrl });
    await lock.connect();
    await lock.query('begin');
    const { asked } = await lockedTable(
      room.relay.databaseUrl,
      'audit_entry',
      async () => {
        const accepted = guest.mutate('acceptInvitation', { id: invitation.id });
        await expect.poll(waiting).toBe(1);
        // Lets the acceptance through, and nobody else to the invitations before that is done.
        const locked = lock.query('lock table invitation in access exclusive mode');
        await expect.poll(waiting).toBe(2);
        const invited = invite(owner, email);
        await expect.poll(waiting).toBe(3);
        return { asked: [accepted, invited, locked.then(() => lock.end())] as const };
      },
      'share',
    );
    const [accepted, invited] = await Promise.all(asked);
    expect(typesOf([accepted, invited])).toEqual(['AcceptInvitationSuccess', 'ValidationError']);
  });
});

test('a session that is being ended is not prolonged, nor anybody let in by it', async () => {
  const person = await signedIn(room, 'member');
  const [, seen] = await together<unknown>(AUDIT, [
    () => person.mutate('signOutEverywhere', {}),
    () => {
      // Found live, it is to be prolonged, which waits for its end.
      room.clock.advance(60_000);
      return person.ask('{ viewer { user { email } } }');
    },
  ]);
  const { data, headers } = seen as Answer;
  expect(data.viewer).toBeNull();
  expect(headers.getSetCookie()).toEqual([]);
});

test('signing out everywhere twice at once is recorded once', async () => {
  const person = await signedIn(room, 'member');
  await together(
    AUDIT,
    times(2, () => person.mutate('signOutEverywhere', {})),
  );
  expect(await recorded('SIGNED_OUT_EVERYWHERE')).toBe(1);
});
