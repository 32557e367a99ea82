import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintToken } from '../../server/credentials/token.ts';
import { TestClock } from '../harness/clock.ts';
import { closeClients, connect, refused } from '../harness/client.ts';
import { dumpOf } from '../harness/dump.ts';
import { Room } from '../harness/room.ts';
import { startTestRelay } from '../harness/server.ts';
import { Person, post } from './api.ts';
import { Browser } from './browser.ts';
import { closeWatches, Watch } from './live.ts';
import { Mailbox } from './mailbox.ts';

const mailbox = new Mailbox();
const room = new Room();
const SMTP_PASSWORD = 'smtp-password-5e1f';
const SECRET = 'a-server-secret-of-more-than-32-characters';

/** By what they are: all that only its owner may know. */
const secrets = new Map<string, string>();
/** What Relay has said to whom a secret was not due: answers, problems, closing reasons. */
const said: string[] = [];
let logged = '';

function keep(name: string, secret: string | undefined): string {
  expect(secret, name).toEqual(expect.any(String));
  secrets.set(name, secret!);
  return secret!;
}

/** One mutation whose answer may hold a secret, and so is not among what is searched. */
async function secretly(browser: Browser, name: string, input: object, selection: string) {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const document = `mutation M($input: ${type}Input!) { ${name}(input: $input) { ... on ${type}Success { ${selection} } } }`;
  return (await browser.ask(document, { input })).data[name];
}

async function openly(document: string, variables: object, headers: Record<string, string> = {}) {
  const answer = await post(room, document, { ...variables }, headers);
  said.push(answer.text, JSON.stringify([...answer.headers]));
}

/** Through the `number`th mail to this address. */
async function enter(email: string, number: number): Promise<Browser> {
  const browser = new Browser(room);
  await browser.request(email);
  const code = keep(`code of ${email}`, await mailbox.code(email, number));
  const wrong = code === '000000' ? '000001' : '000000';
  said.push(JSON.stringify(await browser.verify(email, wrong)));
  await browser.verify(email, code);
  keep(`session of ${email}`, browser.cookies.get('relay_session'));
  keep(`browser of ${email}`, browser.cookies.get('relay_browser'));
  keep(`mark of ${email}`, browser.cookies.get('relay_known'));
  return browser;
}

async function useTokens(kind: 'app' | 'agent', token: string): Promise<void> {
  const door = `${room.relay.wsUrl}/v1/ws/${kind}`;
  for (const inQuery of [true, false]) {
    const client = await connect(door, { token, inQuery });
    client.send({ type: 'event', agent_id: 'athena', thread_id: 't', payload: {} });
    client.send('nonsense');
    await client.settled();
    said.push(client.describe(), JSON.stringify(await client.close()));
    const forged = keep(
      `forged token of ${kind}`,
      mintToken(kind, kind === 'app' ? 'portal' : 'athena').token,
    );
    for (const wrong of [token.slice(0, -1), `${token}0`, forged])
      said.push((await refused(door, { token: wrong, inQuery })).text);
  }
}

/** Everything that makes or takes a secret, once; then everything that might repeat one. */
beforeAll(async () => {
  const smtp = new URL(await mailbox.listen());
  smtp.password = SMTP_PASSWORD;
  smtp.username = 'relay';
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      logged += chunk.toString();
      done();
    },
  });
  room.clock = new TestClock();
  room.relay = await startTestRelay({
    clock: room.clock,
    config: { smtpUrl: smtp.href, printCodes: false, secret: SECRET },
    // Without Relay's own censor: nothing may need it.
    log: pino({ level: 'trace' }, sink),
  });
  keep('password of the mail server', SMTP_PASSWORD);
  keep('secret of the server', SECRET);

  const owner = await enter('owner@acme.example', 1);
  const { organization } = await secretly(
    owner,
    'createOrganization',
    { name: 'Acme' },
    'organization { id slug }',
  );
  const organizationId = organization.id as string;
  const key = keep(
    'API key',
    (await secretly(owner, 'createApiKey', { organizationId, name: 'CI' }, 'key')).key as string,
  );
  for (const [kind, slug] of [
    ['app', 'portal'],
    ['agent', 'athena'],
  ] as const) {
    const noun = kind === 'app' ? 'App' : 'Agent';
    const input = { organizationId, name: slug, [`${kind}Id`]: slug };
    const made = await secretly(owner, `register${noun}`, input, `token ${kind} { id }`);
    keep(`token of ${kind}`, made.token as string);
    const rotated = await secretly(owner, `rotate${noun}Token`, { id: made[kind].id }, 'token');
    keep(`new token of ${kind}`, rotated.token as string);
    for (const token of [made.token, rotated.token] as string[]) await useTokens(kind, token);
  }
  await secretly(
    owner,
    'inviteMember',
    { organizationId, email: 'guest@acme.example', role: 'MEMBER' },
    'mailed',
  );
  const guest = await enter('guest@acme.example', 2);
  const { viewer } = (await guest.ask('{ viewer { invitations { id } } }')).data;
  await secretly(guest, 'acceptInvitation', { id: viewer.invitations[0].id }, '__typename');

  const authorization = `Bearer ${key}`;
  const list = `query L($slug: String!) { organization(slug: $slug) {
    apps { edges { node { tokens { id lookup } connection { instances { tokenLookup client } } } } }
    apiKeys { edges { node { lookup name } } } members { edges { node { user { email } } } }
    invitations { edges { node { path } } } auditLog { edges { node { actor target details { name value } } } } }
    viewer { sessions { id device address } } }`;
  for (const headers of [owner.headers, guest.headers, { authorization }])
    await openly(list, { slug: organization.slug }, headers);
  const watch = new Watch(
    new Person(room, {}),
    'subscription C($o: ID!) { connectionChanged(organizationId: $o) { subject { ... on App { appId } } } }',
    { o: organizationId },
    { authorization },
  );
  said.push(JSON.stringify(await watch.next()));
  await misuse(owner, [...secrets.values()]);
  await owner.ask('mutation { signOut { __typename } }');
  closeWatches();
  await closeClients();
});

/** Secrets where they do not belong, and failures of Relay's own while it has them in hand. */
async function misuse(owner: Browser, given: string[]): Promise<void> {
  for (const secret of given) {
    for (const path of ['/nowhere', '/healthz', '/readyz', '/v1/ws/app', '/graphql', '/acme/apps']) {
      const response = await fetch(`${room.relay.url}${path}?token=${encodeURIComponent(secret)}`, {
        headers: { authorization: `Bearer ${secret}`, cookie: `relay_session=${secret}` },
      });
      said.push(await response.text(), JSON.stringify([...response.headers]));
    }
    await openly('query A($id: ID!) { app(id: $id) { id } }', { id: secret }, owner.headers);
    await openly('{ viewer { user { email } } }', {}, { authorization: `Basic ${secret}` });
    const watch = new Watch(
      new Person(room, {}),
      '{ signup { open } }',
      {},
      { authorization: `Bearer ${secret}` },
    );
    said.push(JSON.stringify(await Promise.race([watch.closed, watch.next()])));
  }
  for (const table of ['session', 'login_code', 'api_key', 'app_token', 'audit_entry']) {
    await room.relay.sql(`alter table ${table} rename to ${table}_gone`);
    const input = { email: 'owner@acme.example', code: secrets.get('code of owner@acme.example') };
    const verify =
      'mutation V($input: VerifyLoginCodeInput!) { verifyLoginCode(input: $input) { __typename } }';
    await openly(verify, { input }, owner.headers);
    const request =
      'mutation R($input: RequestLoginCodeInput!) { requestLoginCode(input: $input) { __typename } }';
    await openly(request, { input: { email: `${table}@acme.example` } });
    await openly('{ viewer { sessions { id } } }', {}, owner.headers);
    await openly(
      '{ viewer { organizations { slug } } }',
      {},
      { authorization: `Bearer ${secrets.get('API key')}` },
    );
    said.push(
      (await refused(`${room.relay.wsUrl}/v1/ws/app`, { token: 'rlk_portal_1' })).text,
      await fetch(`${room.relay.url}/readyz`).then((response) => response.text()),
    );
    await room.relay.sql(`alter table ${table}_gone rename to ${table}`);
  }
}

afterAll(async () => {
  await room.relay.close();
  await mailbox.close();
});

/** Six digits also occur by chance within longer numbers and fractions of seconds; a code stands by itself. */
const occurrence = (secret: string) =>
  /^\d{6}$/.test(secret)
    ? new RegExp(`(?<![\\d.])${secret}(?!\\d)`)
    : new RegExp(secret.replace(/\W/g, '\\$&'));

/** Tokens are searched for by their secret part alone too, in case the rest was cut away. */
function hidden(text: string): string[] {
  return [...secrets].flatMap(([name, secret]) => {
    const parts = /^rl[kao]_/.test(secret) ? [secret, secret.slice(-45, -7)] : [secret];
    return parts.some((part) => occurrence(part).test(text)) ? [name] : [];
  });
}

describe('after everything that makes or takes a secret was done once, none of them is in', () => {
  test('the log at its most talkative, which did say something', () => {
    expect(logged).toContain('"msg"');
    expect(logged).toContain('42P01');
    expect(hidden(logged)).toEqual([]);
  });

  test('a whole dump of the database', async () => {
    const dump = await dumpOf(room.relay.sql);
    for (const table of ['session', 'login_code', 'api_key', 'app_token', 'agent_token', 'audit_entry'])
      expect(dump.get(table), table).not.toEqual([]);
    expect(hidden(JSON.stringify([...dump]))).toEqual([]);
  });

  test('the log of PostgreSQL', async () => {
    const [row] = await room.relay.sql('show data_directory');
    const path = join(dirname(String(row!['data_directory'])), 'postgres.log');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('relation "session" does not exist');
    expect(hidden(text)).toEqual([]);
  });

  test('an answer, a problem, a page or a frame but the one that gave it out', () => {
    expect(said.length).toBeGreaterThan(100);
    expect(hidden(said.join('\n'))).toEqual([]);
  });

  test('the metrics', async () => {
    const text = await (await fetch(`${room.relay.url}/metrics`)).text();
    expect(text).toContain('relay_refused_total');
    expect(hidden(text)).toEqual([]);
  });

  test('a mail but the code in its own', async () => {
    for (const email of ['owner@acme.example', 'guest@acme.example']) {
      const mails: string[] = [];
      for (let n = 1; n <= mailbox.count(email); n += 1) mails.push(await mailbox.text(email, n));
      const others = hidden(mails.join('\n')).filter((name) => name !== `code of ${email}`);
      expect(others).toEqual([]);
    }
  });
});

test('this search finds what is there to be found', () => {
  for (const secret of secrets.values()) expect(hidden(`x ${secret} y`)).not.toEqual([]);
  expect([...secrets.keys()]).toHaveLength(17);
});
