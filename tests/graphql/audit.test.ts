import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../server/graphql/schema.ts';
import { useRelay } from '../harness/room.ts';
import { nobody, signedIn } from './api.ts';
import { Browser } from './browser.ts';
import { decisions, entry, setStage } from './decisions.ts';
import { Mailbox } from './mailbox.ts';

const mailbox = new Mailbox();
const config = { smtpUrl: '', printCodes: false };
beforeAll(async () => void (config.smtpUrl = await mailbox.listen()));
const room = useRelay(config);
afterAll(() => mailbox.close());

/** These have no input, or no session before; they have tests of their own below. */
const apart = ['signOut', 'verifyLoginCode'];

const rowsOf = (seed = room.seed) =>
  room.relay.sql('select * from audit_entry where organization_id = $1 order by id', [seed.organizationId]);

test('for every mutation it is decided what it leaves in the log', () => {
  const names = Object.keys(schema.getMutationType()!.getFields());
  expect([...Object.keys(decisions), ...apart].sort()).toEqual(names.sort());
});

const audited = Object.entries(decisions).flatMap(([name, decision]) =>
  decision ? [[name, decision] as const] : [],
);

test.each(audited)('%s is recorded with who, what, when and from where', async (name, decision) => {
  const stage = await setStage(room);
  const input = await decision.input(stage);
  const actor = decision.as?.(stage) ?? stage.owner;
  const before = (await room.relay.sql('select id from audit_entry')).map(({ id }) => id);
  const began = room.clock.now();
  const answer = await actor.mutate(name, input);
  expect(answer.__typename).toMatch(/Success$/);
  const rows = (await room.relay.sql('select * from audit_entry')).filter(({ id }) => !before.includes(id));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    action: decision.action,
    actor_kind: 'person',
    actor_id: actor.userId,
    actor: actor.email,
    address: '127.0.0.1',
    target: expect.stringMatching(/./),
  });
  if (name !== 'createOrganization') expect(rows[0]!['organization_id']).toBe(room.seed.organizationId);
  expect(Math.abs((rows[0]!['at'] as Date).getTime() - began)).toBeLessThan(5_000);
});

test.each(audited)('%s that is refused leaves nothing', async (name, decision) => {
  const stage = await setStage(room);
  const input = await decision.input(stage);
  const before = await room.relay.sql('select count(*) from audit_entry');
  const refused = await nobody(room).mutate(name, input);
  expect(refused.__typename).toBe('ForbiddenError');
  expect(await room.relay.sql('select count(*) from audit_entry')).toEqual(before);
});

test('signing in and out is recorded for each organisation of the person', async () => {
  const person = await signedIn(room, 'member');
  const second = await person.mutate('createOrganization', { name: 'Second home' }, 'organization { slug }');
  const cookies = new Map<string, string>();
  const ask = async (query: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${room.relay.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'user-agent': 'curl/8' },
      body: JSON.stringify({ query }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(header)!;
      cookies.set(name!, value!);
    }
    return response.text();
  };
  await ask(`mutation { requestLoginCode(input: { email: "${person.email}" }) { __typename } }`);
  const code = await mailbox.code(person.email);
  await ask(
    `mutation { verifyLoginCode(input: { email: "${person.email}", code: "${code}" }) { __typename } }`,
  );
  const session = cookies.get('relay_session')!;
  await ask('mutation { signOut { __typename } }');
  for (const slug of [room.seed.slug, second.organization.slug as string]) {
    const rows = await room.relay.sql(
      `select a.* from audit_entry a join organization o on o.id = a.organization_id
        where o.slug = $1 and a.actor_id = $2 and action like 'SIGNED%' order by a.id`,
      [slug, person.userId],
    );
    expect(rows.map((row) => row['action'])).toEqual(['SIGNED_IN', 'SIGNED_OUT']);
    expect(rows[0]!['details']).toEqual({ device: 'curl' });
  }
  const all = JSON.stringify(await room.relay.sql('select * from audit_entry'));
  for (const secret of [code, session]) expect(all).not.toContain(`"${secret}"`);
});

/** Tries wrong codes until no more may be tried. Resolves to the right one. */
async function lockOut(browser: Browser, email: string, number = 1): Promise<string> {
  await browser.request(email);
  const code = await mailbox.code(email, number);
  const wrong = code === '000000' ? '000001' : '000000';
  for (let tries = 1; tries < 5; tries += 1)
    expect((await browser.verify(email, wrong)).__typename).toBe('InvalidCodeError');
  expect((await browser.verify(email, wrong)).__typename).toBe('LockedError');
  return code;
}

test('a sign-in locked after five wrong codes is recorded once, for each organisation of the person', async () => {
  const person = await signedIn(room, 'member');
  const second = await person.mutate('createOrganization', { name: 'Other home' }, 'organization { slug }');
  const [stranger, next] = ['curl/8', 'wget/1'].map((agent) => new Browser(room, { 'user-agent': agent }));
  await lockOut(stranger!, 'unheard-of@people.test');
  const code = await lockOut(stranger!, person.email);
  // What is tried while it is locked is nothing new.
  await stranger!.verify(person.email, code);
  await lockOut(next!, person.email, 2);
  const recorded = () =>
    room.relay.sql(
      `select a.*, o.slug from audit_entry a left join organization o on o.id = a.organization_id
        where action = 'SIGN_IN_LOCKED'`,
    );
  const by = async (device: string) =>
    (await recorded()).filter(({ details }) => (details as { device: string }).device === device);
  await expect.poll(async () => (await by('wget')).length).toBe(2);
  const rows = await by('curl');
  expect(rows.map(({ slug }) => slug).sort()).toEqual([room.seed.slug, second.organization.slug].sort());
  for (const row of rows)
    expect(row).toMatchObject({
      actor_kind: 'stranger',
      actor_id: null,
      target_type: 'User',
      target_id: person.userId,
      target: person.email,
      address: '127.0.0.1',
      details: { device: 'curl' },
    });
  expect(JSON.stringify(rows)).not.toContain(`"${code}"`);
});

test('no entry holds a token', async () => {
  const stage = await setStage(room);
  const { owner, app, agent, organization } = stage;
  const tokens = [
    (await owner.mutate('rotateAppToken', { id: app }, 'token')).token,
    (await owner.mutate('rotateAgentToken', { id: agent }, 'token')).token,
    (await owner.mutate('createApiKey', { organizationId: organization, name: 'CI' }, 'key')).key,
  ] as string[];
  const all = JSON.stringify(await rowsOf());
  // The last 45 characters are the secret and its checksum; the 12 before them are public.
  for (const token of tokens) expect(all).not.toContain(token.slice(-45, -7));
});

test('what changes nothing is not recorded', async () => {
  const stage = await setStage(room);
  await stage.owner.mutate('allowApp', entry(stage));
  const before = (await rowsOf()).length;
  await stage.owner.mutate('allowApp', entry(stage));
  await stage.owner.mutate('reactivateApp', { id: stage.app });
  await stage.owner.mutate('changeRole', { id: stage.member.id, role: 'MEMBER' });
  await stage.owner.mutate('revokePreviousAppToken', { id: stage.app });
  expect(await rowsOf()).toHaveLength(before);
});

test('an entry and what it records are committed together or not at all', async () => {
  const { owner, app } = await setStage(room);
  await room.relay.sql('alter table audit_entry add constraint broken check (false) not valid');
  try {
    const document = `mutation { deactivateApp(input: { id: "${app}" }) { __typename } }`;
    const { errors } = await owner.ask(document);
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    const { data } = await owner.ask(`{ app(id: "${app}") { active } }`);
    expect(data.app.active).toBe(true);
  } finally {
    await room.relay.sql('alter table audit_entry drop constraint broken');
  }
});

test('an agent that answers an event not its own changes nothing, and is recorded, a few times', async () => {
  const pair = await room.pair();
  const { event_id } = await pair.ask();
  const other = await room.seed.agent();
  const socket = await room.connect(other);
  for (let n = 0; n < 12; n += 1) socket.send({ type: 'reply', event_id, content: 'stolen' });
  const recorded = async () => (await rowsOf()).filter((row) => row['action'] === 'FOREIGN_EVENT_ANSWERED');
  await expect.poll(async () => (await recorded()).length).toBe(10);
  expect((await recorded())[0]).toMatchObject({
    actor_kind: 'agent',
    actor_id: other.id,
    actor: other.slug,
    target: event_id,
    address: '127.0.0.1',
  });
  pair.to.send({ type: 'reply', event_id, content: 'mine' });
  expect((await pair.from.find('reply')).body['reply']).toBe('mine');
});
