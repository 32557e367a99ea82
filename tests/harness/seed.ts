import { randomUUID } from 'node:crypto';
import { mintToken } from '../../server/credentials/token.ts';
import { createVerifier } from '../../server/credentials/verifier.ts';

export type Sql = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** An app or agent with its one working token. `id` is the row's uuid, `slug` the public id. */
export interface Owner {
  kind: 'app' | 'agent';
  id: string;
  /** As GraphQL names it. */
  globalId: string;
  slug: string;
  token: string;
  lookup: string;
}

export interface AgentSettings {
  slug: string;
  timeoutSeconds: number;
  maxSeconds: number;
  queueSeconds: number;
  maxInFlight: number;
}

const verifier = createVerifier();
let count = 0;

/** One organisation with an owner's API key, and the apps and agents a test asks for. */
export class Seed {
  readonly organizationId = randomUUID();
  readonly slug = `org-${(count += 1)}`;
  readonly key = mintToken('key', this.slug);
  readonly #sql: Sql;

  private constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Rows rather than API calls: dozens of tests need an app and an agent, and the API's own tests show that what it
   * registers works. Whatever changes while sockets are open goes through the API (`graphql` in `room.ts`).
   */
  static async create(sql: Sql): Promise<Seed> {
    const seed = new Seed(sql);
    const now = new Date();
    const [user, name] = [randomUUID(), seed.slug];
    const hash = await verifier.hash(seed.key.token);
    await sql('insert into organization (id, name, slug, created_at) values ($1, $2, $2, $3)', [
      seed.organizationId,
      name,
      now,
    ]);
    await sql('insert into user_account (id, email, created_at) values ($1, $2, $3)', [
      user,
      `owner@${name}.test`,
      now,
    ]);
    await sql(
      `insert into membership (id, organization_id, user_id, role, created_at) values ($1, $2, $3, 'owner', $4)`,
      [randomUUID(), seed.organizationId, user, now],
    );
    await sql(
      `insert into api_key (id, organization_id, created_by_id, name, lookup, hash, created_at)
       values ($1, $2, $3, 'tests', $4, $5, $6)`,
      [randomUUID(), seed.organizationId, user, seed.key.lookup, hash, now],
    );
    return seed;
  }

  async app(slug = `app-${(count += 1)}`): Promise<Owner> {
    const owner = newOwner('app', slug);
    await this.#sql(
      'insert into app (id, organization_id, slug, name, created_at) values ($1, $2, $3, $3, now())',
      [owner.id, this.organizationId, slug],
    );
    await this.#addToken(owner);
    return owner;
  }

  async agent(settings: Partial<AgentSettings> = {}): Promise<Owner> {
    const { slug = `agent-${(count += 1)}` } = settings;
    const owner = newOwner('agent', slug);
    await this.#sql(
      `insert into agent (id, organization_id, slug, name, description, created_at,
                          timeout_seconds, max_seconds, queue_seconds, max_in_flight)
       values ($1, $2, $3, $3, 'answers', now(), $4, $5, $6, $7)`,
      [
        owner.id,
        this.organizationId,
        slug,
        settings.timeoutSeconds ?? 120,
        settings.maxSeconds ?? 3600,
        settings.queueSeconds ?? 86_400,
        settings.maxInFlight ?? 64,
      ],
    );
    await this.#addToken(owner);
    return owner;
  }

  async #addToken({ kind, id, token, lookup }: Owner): Promise<void> {
    await this.#sql(
      `insert into ${kind}_token (id, ${kind}_id, lookup, hash, created_at) values ($1, $2, $3, $4, now())`,
      [randomUUID(), id, lookup, await verifier.hash(token)],
    );
  }
}

function newOwner(kind: 'app' | 'agent', slug: string): Owner {
  const id = randomUUID();
  const type = kind === 'app' ? 'App' : 'Agent';
  const globalId = Buffer.from(`${type}:${id}`).toString('base64');
  return { kind, id, globalId, slug, ...mintToken(kind, slug) };
}
