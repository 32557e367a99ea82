import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Room } from '../harness/room.ts';
import { Seed } from '../harness/seed.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // Tests read many shapes; each asserts what it reads.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
  errors: { message: string; extensions?: Record<string, unknown>; path?: string[] }[];
  text: string;
}

export type Variables = Record<string, unknown>;

/** One POST to /graphql, whatever comes of it. */
export async function post(
  room: Room,
  query: string,
  variables: Variables = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${room.relay.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
  const { data = null, errors = [] } = json as Partial<Answer>;
  return { status: response.status, headers: response.headers, data, errors, text };
}

/** Somebody who calls the API: with a browser's session cookie, an API key, or as nobody. */
export class Person {
  readonly room: Room;
  readonly headers: Record<string, string>;
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string | null;

  constructor(
    room: Room,
    headers: Record<string, string>,
    userId = '',
    email = '',
    sessionId: string | null = null,
  ) {
    this.room = room;
    this.headers = headers;
    this.userId = userId;
    this.email = email;
    this.sessionId = sessionId;
  }

  ask(query: string, variables: Variables = {}): Promise<Answer> {
    return post(this.room, query, variables, this.headers);
  }

  /** The result of one mutation, of whatever member of its union: `__typename`, `message`, and `selection` of success. */
  async mutate(name: string, input: Variables, selection = '__typename') {
    const type = name[0]!.toUpperCase() + name.slice(1);
    const document = `mutation M($input: ${type}Input!) { ${name}(input: $input) {
      __typename ... on Error { message } ... on ValidationError { fields { field message } }
      ... on ${type}Success { ${selection} } } }`;
    const { data, errors } = await this.ask(document, { input });
    if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('; '));
    return data[name];
  }
}

export const nobody = (room: Room) => new Person(room, {});

export const script = (room: Room, seed: Seed = room.seed) =>
  new Person(room, { authorization: `Bearer ${seed.key.token}` });

let people = 0;

/** A signed-in person of the seed's organisation. Rows, since the sign-in has tests of its own. */
export async function signedIn(
  room: Room,
  role: 'owner' | 'member',
  seed: Seed = room.seed,
): Promise<Person> {
  const [userId, sessionId] = [randomUUID(), randomUUID()];
  const email = `${role}-${(people += 1)}@people.test`;
  const cookie = randomBytes(32).toString('base64url');
  const now = new Date(room.clock.now());
  const { sql } = room.relay;
  await sql('insert into user_account (id, email, created_at) values ($1, $2, $3)', [userId, email, now]);
  await sql(
    'insert into membership (id, organization_id, user_id, role, created_at) values ($1, $2, $3, $4, $5)',
    [randomUUID(), seed.organizationId, userId, role, now],
  );
  const hash = createHash('sha256').update(cookie).digest('hex');
  await sql(
    `insert into session (id, id_hash, user_id, created_at, last_used_at, expires_at) values ($1, $2, $3, $4, $4, $5)`,
    [sessionId, hash, userId, now, new Date(now.getTime() + 7 * 86_400_000)],
  );
  return new Person(room, { cookie: `relay_session=${cookie}` }, userId, email, sessionId);
}

export const otherOrganization = (room: Room) => Seed.create((text, values) => room.relay.sql(text, values));

export const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

export const organizationId = (seed: Seed) => globalId('Organization', seed.organizationId);
