import type { Locator } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Client } from '../harness/client.ts';
import { closeClients, connect } from '../harness/client.ts';
import { Visit } from './visit.ts';

/** An organisation with an app and an agent that are connected, and its owner in front of the dashboard. */
export class Stage {
  visit!: Visit;
  agent!: Client;
  app!: Client;
  #tokens!: Record<'app' | 'agent', string>;

  async open(): Promise<void> {
    this.visit = await Visit.start();
    const { visit } = this;
    await visit.page.goto(`${visit.url}/sign-in`);
    await visit.signIn('ada@acme.example');
    await visit.page.getByLabel('Organization name').waitFor();
    const organization = await visit.found();
    const portal = await visit.make('App', organization, 'Portal');
    const athena = await visit.make('Agent', organization, 'Athena');
    await this.join({ app: portal.token, agent: athena.token });
  }

  /** Connects an app and an agent, which come back with `connect` when they are gone. */
  async join(tokens: Record<'app' | 'agent', string>): Promise<void> {
    this.#tokens = tokens;
    await this.connect();
  }

  async connect(): Promise<void> {
    this.agent = await connect(this.visit.door('agent'), { token: this.#tokens.agent });
    this.app = await connect(this.visit.door('app'), { token: this.#tokens.app });
  }

  async close(): Promise<void> {
    await closeClients();
    await this.visit.close();
  }

  /** The app sends an event, which the agent gets and answers unless there is no answer; returns its id. */
  async happens(thread: string, payload: object, reply?: string): Promise<string> {
    this.app.send({ type: 'event', agent_id: 'athena', thread_id: thread, payload });
    const { body } = await this.agent.find('event', { thread_id: thread });
    const id = String(body['event_id']);
    if (reply === undefined) return id;
    this.agent.send({ type: 'reply', event_id: id, content: reply });
    await this.app.find('reply', { event_id: id });
    return id;
  }

  /** So many apps more, "App 1" and on, all of them on the agent's allowlist. */
  async crowd(apps: number): Promise<void> {
    await this.visit.sql(
      `insert into app (id, organization_id, slug, name, created_at)
       select gen_random_uuid(), o.id, 'app-' || lpad(n::text, 3, '0'), 'App ' || n, now()
         from organization o, generate_series(1, $1::int) n`,
      [apps],
    );
    await this.visit.sql(
      `insert into allowlist_entry (agent_id, app_id, created_at)
       select g.id, a.id, now() from agent g, app a where a.slug like 'app-%'`,
    );
  }

  dialog(): Locator {
    return this.visit.page.getByRole('dialog');
  }

  query(): URLSearchParams {
    return new URL(this.visit.page.url()).searchParams;
  }
}

/** The stage for a whole test file, set before its tests and struck after them. */
export function useStage(): Stage {
  const stage = new Stage();
  beforeAll(() => stage.open(), 120_000);
  afterAll(() => stage.close());
  return stage;
}

export const focused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === element.ownerDocument.activeElement);
