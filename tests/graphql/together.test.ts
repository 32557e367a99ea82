import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockedTable } from '../harness/outage.ts';
import { useRelay } from '../harness/room.ts';
import type { Owner } from '../harness/seed.ts';
import type { Answer } from './api.ts';
import { organizationId, script, signedIn } from './api.ts';
import { Browser } from './browser.ts';
import { decisions, setStage } from './decisions.ts';
import { Mailbox } from './mailbox.ts';
import { newGuest, peopleOf } from './people.ts';

/** What several people do at the same moment, or one of them in several tabs. */
const mailbox = new Mailbox();
const config = { smtpUrl: '', printCodes: false };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());
const { invite, membershipOf, outsider } = peopleOf(room);

/** How many statements wait for a lock on this Relay's database. */
async function waiting(): Promise<number> {
  const sql = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return Number((await room.relay.sql(sql))[0]!['n']);
}

const AUDIT = 'lock table audit_entry in share mode';

/** Asks one after the other, each while those before it are held up on their way by what `hold` locks; then lets all go on. */
async function together<T>(hold: string, asked: (() => Promise<T>)[]): Promise<T[]> {
  const holder = new pg.Client({ connectionString: room.relay.databaseUrl });
  await holder.connect();
  const answers: Promise<T>[] = [];
  try {
    await holder.query(`begin; ${hold}`);
    for (const ask of asked) {
      answers.push(ask());
      await expect.poll(waiting).toBe(answers.length);
    }
  } finally {
    await holder.end();
  }
  return Promise.all(answers);
}

const times = <T>(count: number, ask: () => Promise<T>) => Array.from({ length: count }, () => ask);
const typesOf = (answers: { __typename: string }[]) => answers.map(({ __typename }) => __typename);

async function recorded(action: string): Promise<number> {
  const sql = 'select 1 from audit_entry where organization_id = $1 and action = $2';
  return (await room.relay.sql(sql, [room.seed.organizationId, action])).length;
}

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

describe('of two selections for one allowlist', () => {
  const change = (agent: Owner, allow: Owner[], disallow: Owner[]) => () =>
    script(room).mutate('changeAllowlist', {
      agentId: agent.globalId,
      allow: allow.map(({ globalId }) => globalId),
      disallow: disallow.map(({ globalId }) => globalId),
    });
  const allowed = async (agent: Owner) =>
    (await room.relay.sql('select app_id from allowlist_entry where agent_id = $1', [agent.id]))
      .map((row) => row['app_id'])
      .sort();

  test('the later one holds as a whole', async () => {
    const agent = await room.seed.agent();
    const [one, two] = [await room.seed.app(), await room.seed.app()];
    const [three, four] = [await room.seed.app(), await room.seed.app()];
    await change(agent, [one, two], [])();
    await together(AUDIT, [change(agent, [one, three], [two]), change(agent, [two, four], [one])]);
    expect(await allowed(agent)).toEqual([two.id, three.id, four.id].sort());
  });
});

test.each([
  ['changeAllowlist', ({ globalId }: Owner) => ({ allow: [], disallow: [globalId] })],
  ['disallowApp', ({ globalId }: Owner) => ({ appId: globalId })],
])('of two who take off one of two apps each by %s, none opens the agent unasked', async (name, change) => {
  const [agent, ...apps] = [await room.seed.agent(), await room.seed.app(), await room.seed.app()];
  const agentId = agent.globalId;
  const list = { agentId, allow: apps.map(({ globalId }) => globalId), disallow: [] };
  await script(room).mutate('changeAllowlist', list);
  const take = (app: Owner, mayOpen: boolean) => () =>
    script(room).mutate(name, { agentId, ...change(app), mayOpen });
  const answers = await together(
    AUDIT,
    apps.map((app) => take(app, false)),
  );
  expect(typesOf(answers)).toEqual([expect.stringMatching(/Success$/), 'ValidationError']);
  expect(await recorded('APP_DISALLOWED')).toBe(1);
  expect((await take(apps[1]!, true)()).__typename).toMatch(/Success$/);
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

describe('contents', () => {
  const read = async (id: string) =>
    (await script(room).ask('query E($id: ID!) { event(id: $id) { payload } }', { id })).data.event.payload;
  const order = (app: Owner) => () =>
    script(room).mutate('deleteAppContents', { id: app.globalId, appId: app.slug });

  test('of one event deleted twice at once are deleted for both, and recorded once', async () => {
    const stage = await setStage(room);
    const input = await decisions['deleteEventContent']!.input(stage);
    const answers = await together(
      AUDIT,
      times(2, () => stage.owner.mutate('deleteEventContent', input)),
    );
    expect(typesOf(answers)).toEqual(['DeleteEventContentSuccess', 'DeleteEventContentSuccess']);
    expect(await recorded('EVENT_CONTENT_DELETED')).toBe(1);
  });

  test('that are ordered to be deleted while they are sent again do not outlive it', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    room.clock.advance(5);
    const answers = await together(AUDIT, [
      () => script(room).mutate('resendEvent', { id: event_id }),
      order(pair.app),
    ]);
    expect(typesOf(answers)).toEqual(['ValidationError', 'DeleteAppContentsSuccess']);
  });

  test('stay hidden when their deletion is ordered once more by a clock that stepped back', async () => {
    const pair = await room.pair();
    const { event_id } = await pair.ask();
    room.clock.advance(5);
    await order(pair.app)();
    expect(await read(event_id)).toBeNull();
    room.clock.jump(-60_000);
    await order(pair.app)();
    room.clock.jump(60_000);
    expect(await read(event_id)).toBeNull();
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

test('of all who register one App ID at the same time, one does, and is recorded', async () => {
  const input = { organizationId: organizationId(room.seed), name: 'Same', appId: 'same' };
  const answers = await together(
    AUDIT,
    times(3, () => script(room).mutate('registerApp', input)),
  );
  expect(typesOf(answers)).toEqual(['RegisterAppSuccess', 'IdTakenError', 'IdTakenError']);
  expect(await recorded('APP_REGISTERED')).toBe(1);
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
