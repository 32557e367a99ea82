import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Config } from '../../server/config.ts';
import { closeClients, connect } from './client.ts';
import type { Client, ConnectOptions } from './client.ts';
import { TestClock } from './clock.ts';
import { Seed } from './seed.ts';
import type { AgentSettings, Owner } from './seed.ts';
import { startTestRelay } from './server.ts';
import type { TestRelay } from './server.ts';

/** One Relay for a test file, with a clock tests move. Each test makes apps and agents of its own. */
export class Room {
  clock = new TestClock();
  relay!: TestRelay;
  seed!: Seed;

  get appDoor(): string {
    return `${this.relay.wsUrl}/v1/ws/app`;
  }

  get agentDoor(): string {
    return `${this.relay.wsUrl}/v1/ws/agent`;
  }

  connect(owner: Owner, options: ConnectOptions = {}): Promise<Client> {
    const door = owner.kind === 'app' ? this.appDoor : this.agentDoor;
    return connect(door, { token: owner.token, ...options });
  }

  /** An app and an agent of the same organisation, one connection each. */
  async pair(settings: Partial<AgentSettings> = {}, options: PairOptions = {}): Promise<Pair> {
    const [app, agent] = await Promise.all([this.seed.app(), this.seed.agent(settings)]);
    // The agent first: an event must find it there.
    const to = await this.connect(agent, options.agent);
    const from = await this.connect(app, options.app);
    return { app, agent, from, to, ask: (fields) => ask(from, agent, fields) };
  }

  /** Calls the API as the organisation's owner; throws on GraphQL errors. */
  async graphql<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.relay.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.seed.key.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
    if (errors) throw new Error(errors.map((error) => error.message).join('; '));
    return data;
  }

  /** One mutation with one input; throws unless it succeeded. `selection` is read of its success type. */
  async mutate<T>(name: string, input: Record<string, unknown>, selection: string): Promise<T> {
    const type = name[0]?.toUpperCase() + name.slice(1);
    const query = `mutation M($input: ${type}Input!) {
      ${name}(input: $input) { __typename ... on ${type}Success { ${selection} } ... on Error { message } }
    }`;
    const data = await this.graphql<Record<string, T & { __typename: string; message?: string }>>(query, {
      input,
    });
    const result = data[name];
    if (result?.__typename !== `${type}Success`)
      throw new Error(`${name}: ${result?.__typename} ${result?.message}`);
    return result;
  }

  /** One column of one event, as stored. */
  async stored(eventId: string): Promise<Record<string, unknown>> {
    const rows = await this.relay.sql('select * from event where id = $1', [eventId]);
    expect(rows).toHaveLength(1);
    return rows[0]!;
  }
}

export interface PairOptions {
  app?: ConnectOptions;
  agent?: ConnectOptions;
}

export interface Pair {
  app: Owner;
  agent: Owner;
  /** The app's connection. */
  from: Client;
  /** The agent's connection. */
  to: Client;
  /** Sends an event from the app's connection; resolves with its `accepted`. */
  ask: (fields?: Record<string, unknown>) => Promise<Accepted>;
}

export interface Accepted {
  event_id: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}

/** An event frame with whatever a test does not care about filled in. */
export function eventFrame(agent: Owner, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { type: 'event', agent_id: agent.slug, thread_id: 'thread', payload: { n: 1 }, ...fields };
}

export async function ask(
  from: Client,
  agent: Owner,
  fields: Record<string, unknown> = {},
): Promise<Accepted> {
  from.send(eventFrame(agent, fields));
  return (await from.find('accepted')).body;
}

/** Relay for the whole file, started before its tests and closed after them; sockets end with each test. */
export function useRelay(config: Partial<Config> = {}): Room {
  const room = new Room();
  beforeAll(async () => {
    room.relay = await startTestRelay({ config, clock: room.clock });
  });
  beforeEach(async () => {
    room.seed = await Seed.create((text, values) => room.relay.sql(text, values));
  });
  afterEach(closeClients);
  afterAll(() => room.relay.close());
  return room;
}
