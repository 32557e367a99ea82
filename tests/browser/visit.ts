import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { systemClock } from '../../server/clock.ts';
import { parseConfig } from '../../server/config.ts';
import type { Config } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import type { Relay } from '../../server/relay.ts';
import { startRelay } from '../../server/relay.ts';
import { createTestDatabase, servingUrl } from '../harness/postgres.ts';
import { openBrowser } from './browser.ts';

export interface Made {
  id: string;
  token: string;
}

/** A real Relay with its built dashboard, and a person in front of it. */
export class Visit {
  readonly page: Page;
  readonly url: string;
  /** What the browser complained about: refused by the Content-Security-Policy, uncaught errors. */
  readonly complaints: string[] = [];
  readonly databaseUrl: string;
  readonly #codes: Map<string, string>;
  /** Ends this server, waits for what is handed to it, and starts another on the same port and data. */
  readonly restart: (meanwhile: () => Promise<void>) => Promise<void>;
  readonly #close: () => Promise<void>;

  private constructor(
    page: Page,
    url: string,
    databaseUrl: string,
    codes: Map<string, string>,
    restart: Visit['restart'],
    close: () => Promise<void>,
  ) {
    this.page = page;
    this.url = url;
    this.databaseUrl = databaseUrl;
    this.#codes = codes;
    this.restart = restart;
    this.#close = close;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async start(config: Partial<Config> = {}): Promise<Visit> {
    const database = await createTestDatabase();
    const codes = new Map<string, string>();
    const secret = randomBytes(32).toString('hex');
    const open = (port: number): Promise<Relay> =>
      startRelay(
        {
          ...parseConfig({}),
          port,
          databaseUrl: servingUrl(database.url),
          databaseMigrationUrl: database.url,
          secret,
          printCodes: true,
          ...config,
        },
        {
          clock: systemClock,
          log: createLog(process.env['TEST_LOG_LEVEL'] ?? 'silent'),
          say: (line) => {
            const [, email, code] = /^Sign-in code for (.+): (\d{6})$/.exec(line) ?? [];
            if (email && code) codes.set(email, code);
          },
        },
      );
    let relay = await open(0);
    const restart = async (meanwhile: () => Promise<void>): Promise<void> => {
      await relay.close();
      await meanwhile();
      relay = await open(Number(new URL(relay.url).port));
    };
    const browser: Browser = await openBrowser();
    const context: BrowserContext = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(15_000);
    // Chrome tells of most violations on the console; this tells of all, by directive.
    await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      console.error('refused by the policy: ' + event.violatedDirective + ' ' + event.blockedURI))`);
    const page = await context.newPage();
    return new Visit(page, relay.url, database.url, codes, restart, async () => {
      await browser.close();
      await relay.close();
      await database.drop();
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** The door of apps or agents. */
  door(kind: 'app' | 'agent'): string {
    return `${this.url.replace(/^http/, 'ws').replace('localhost', '127.0.0.1')}/v1/ws/${kind}`;
  }

  code(email: string): string {
    const code = this.#codes.get(email);
    if (!code) throw new Error(`No code was sent to ${email}.`);
    return code;
  }

  /** From wherever a page stands to being signed in. */
  async signIn(email: string, page = this.page): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByLabel('Code', { exact: true }).waitFor();
    await page.getByLabel('Code', { exact: true }).fill(this.code(email));
  }

  /** One GraphQL operation with the session of a page, as its own code would send it; throws on errors. */
  async graphql(
    query: string,
    variables: Record<string, unknown> = {},
    page = this.page,
  ): Promise<Record<string, never>> {
    const body = JSON.stringify(JSON.stringify({ query, variables }));
    const { data, errors } = await page.evaluate<{ data: Record<string, never>; errors?: unknown[] }>(
      `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${body} })
        .then((response) => response.json())`,
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Registers an app or an agent under its name in lower case, as a script would. */
  async make(kind: 'App' | 'Agent', organizationId: string, name: string): Promise<Made> {
    const [field, lower] = [`register${kind}`, kind.toLowerCase()];
    const data = await this.graphql(
      `mutation M($input: Register${kind}Input!) { ${field}(input: $input) {
        ... on Register${kind}Success { token ${lower} { id } } } }`,
      { input: { organizationId, name, [`${lower}Id`]: name.toLowerCase() } },
    );
    const made = data[field] as unknown as { token: string } & Record<string, { id: string }>;
    return { id: made[lower]!.id, token: made.token };
  }

  /** Makes the organisation Acme Corp at /acme, owned by whoever is signed in, and returns its id. */
  async found(): Promise<string> {
    const created = await this.graphql(
      `mutation { createOrganization(input: { name: "Acme Corp", slug: "acme" }) {
        ... on CreateOrganizationSuccess { organization { id } } } }`,
    );
    return (created['createOrganization'] as unknown as { organization: { id: string } }).organization.id;
  }

  /** Changes rows directly: for what the dashboard has no way to do. */
  async sql(text: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      await client.query(text, values);
    } finally {
      await client.end();
    }
  }

  /** Every string the page's JavaScript still holds, garbage aside. */
  async heap(): Promise<string> {
    const session = await this.page.context().newCDPSession(this.page);
    const chunks: string[] = [];
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    await session.detach();
    return chunks.join('');
  }

  /** Reads a secret off its dialog, confirms that it is stored and closes it. */
  async takeSecret(): Promise<string> {
    const secret = await this.page.getByTestId('secret').innerText();
    await this.page.getByLabel('I have stored it').check();
    await this.page.getByRole('button', { name: 'Done' }).click();
    await this.page.getByTestId('secret').waitFor({ state: 'detached' });
    return secret;
  }
}
