import type pg from 'pg';
import { ownsEvents, partitionOf, partitions, WEEK_MS } from './broker/sql/partition.ts';
import type { Config } from './config.ts';
import type { Clock } from './clock.ts';
import { isLocal, isLoopback } from './config.ts';
import { auditThreats } from './database/auditThreats.ts';
import { connectPatiently } from './database/dedicated.ts';
import { pendingMigrations } from './database/migrator.ts';
import { roleOf } from './database/serving.ts';
import { createMailer } from './domain/mail.ts';
import { startFault } from './startFault.ts';

/** What was found, in one sentence; where it is not `ok`, the sentence says what to do. `weak`: it works, and could be safer. */
export interface Finding {
  verdict: 'ok' | 'weak' | 'mend';
  text: string;
}

const OLDEST_POSTGRES = 150_000;
/** Of one Relay process, all pools and writers together. */
const MOST_CONNECTIONS = 31;
/** Beyond this, "10:15" on two screens no longer means the same moment. */
const SKEW_MS = 2_000;

const fine = (text: string): Finding => ({ verdict: 'ok', text });
const weak = (text: string): Finding => ({ verdict: 'weak', text });
const mend = (text: string): Finding => ({ verdict: 'mend', text });

function configuration(config: Config): Finding[] {
  const findings = [fine('The configuration can be read.')];
  if (!isLoopback(config.host) && !config.publicUrl) {
    findings.push(mend('HOST is open to the network: set PUBLIC_URL to the address people use.'));
  }
  if (config.publicUrl?.startsWith('http:') && !isLoopback(new URL(config.publicUrl).hostname)) {
    findings.push(
      mend('PUBLIC_URL is plain http: tokens and sessions travel unprotected. Put TLS in front.'),
    );
  }
  if (config.publicUrl?.startsWith('https:') && config.trustedProxies.length === 0) {
    findings.push(
      weak(
        'PUBLIC_URL is https, so a proxy is in front, but RELAY_TRUSTED_PROXIES is empty: everybody shares the limits of its address.',
      ),
    );
  }
  if (!config.smtpUrl && !config.printCodes) {
    findings.push(
      mend('Nobody can sign in: set SMTP_URL, or RELAY_PRINT_CODES=1 to read codes in the terminal.'),
    );
  }
  if (config.printCodes && !isLocal(config)) {
    findings.push(
      weak(
        'RELAY_PRINT_CODES is on where others can reach Relay: whoever reads its output can sign in as anybody. Set SMTP_URL, and RELAY_PRINT_CODES=0.',
      ),
    );
  }
  if (config.metricsToken === null && !isLocal(config)) {
    findings.push(weak('Nobody can read /metrics, as others can reach Relay: set RELAY_METRICS_TOKEN.'));
  }
  return findings;
}

interface Facts {
  version: string;
  version_text: string;
  fsync: string;
  full_pages: string;
  commit: string;
  now: Date;
  encoding: string;
  read_only: boolean;
  connections: number;
}

const FACTS = `select current_setting('server_version_num') as version, current_setting('server_version') as version_text,
  current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
  current_setting('full_page_writes') as full_pages, current_setting('server_encoding') as encoding, clock_timestamp() as now,
  pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as read_only,
  (select min(most) from unnest(array[
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    (select datconnlimit from pg_database where datname = current_database()),
    (select rolconnlimit from pg_roles where rolname = session_user)
  ]) as most where most >= 0) as connections`;

function judge(facts: Facts, processTime: number): Finding[] {
  const skew = Math.round(facts.now.getTime() - processTime);
  return [
    Number(facts.version) >= OLDEST_POSTGRES
      ? fine(`PostgreSQL ${facts.version_text} answers.`)
      : mend(`PostgreSQL ${facts.version_text} is too old: use 15 or newer.`),
    facts.encoding === 'UTF8'
      ? fine('The database stores UTF-8.')
      : mend(`The database's encoding is ${facts.encoding}: create it with UTF8.`),
    facts.fsync === 'on'
      ? fine('fsync is on.')
      : mend('fsync is off: a power cut can lose accepted events. Turn it on.'),
    facts.commit !== 'off'
      ? fine(`synchronous_commit is ${facts.commit}.`)
      : mend('synchronous_commit is off: a crash can lose accepted events. Turn it on.'),
    facts.full_pages === 'on'
      ? fine('full_page_writes is on.')
      : mend('full_page_writes is off: a power cut can tear pages of the database. Turn it on.'),
    facts.read_only
      ? mend('The database is read-only: name the primary in DATABASE_URL.')
      : fine('The database can be written to.'),
    facts.connections >= MOST_CONNECTIONS
      ? fine(`The database allows ${facts.connections} connections; Relay opens at most ${MOST_CONNECTIONS}.`)
      : mend(
          `The database allows ${facts.connections} connections and Relay opens up to ${MOST_CONNECTIONS}: raise max_connections, or the limit of the database or role.`,
        ),
    Math.abs(skew) <= SKEW_MS
      ? fine(`The clocks of this machine and the database agree (${skew} ms apart).`)
      : mend(`The database's clock is ${skew} ms off this machine's: run a time service on both.`),
  ];
}

async function database(url: string, ownerUrl: string, clock: Clock): Promise<Finding[]> {
  const client = await connectPatiently(url, 'relay doctor');
  try {
    const before = clock.now();
    const { rows } = await client.query<Facts>(FACTS);
    const findings = rows.flatMap((facts) => judge(facts, (before + clock.now()) / 2));
    const oneRole = roleOf(url) === roleOf(ownerUrl);
    return [
      ...findings,
      ...(await auditLog(client, oneRole)),
      ...(oneRole ? await upkeep(client, clock) : []),
    ];
  } finally {
    await client.end();
  }
}

/** Asks the mail server whether it would take a mail; none is sent, and its answer, which may name accounts, is not repeated. */
async function mail({ smtpUrl, mailFrom }: Config): Promise<Finding[]> {
  if (!smtpUrl) return [];
  const mailer = createMailer(smtpUrl, mailFrom);
  try {
    await mailer.verify();
    return [fine('The mail server answers and accepts the sign-in.')];
  } catch {
    return [mend('The mail server does not answer, or refuses the sign-in: check SMTP_URL.')];
  } finally {
    mailer.close();
  }
}

async function auditLog(client: pg.Client, oneRole: boolean): Promise<Finding[]> {
  const found = await auditThreats(client);
  if (!found) return [];
  const { role, owns, threats } = found;
  if (threats.length === 0) return [fine('The serving role can only add to the audit log and read it.')];
  const cures =
    oneRole && owns
      ? ['serve with a role that owns nothing, and name this one in DATABASE_MIGRATION_URL']
      : threats.map(({ cure }) => cure);
  const why = threats.map((threat) => threat.why).join('; ');
  return [
    weak(`The serving role "${role}" could destroy the audit log: ${why}. To end that: ${cures.join('; ')}.`),
  ];
}

/** Who keeps the history, where this process is not told of the owner of the tables. */
async function upkeep(client: pg.Client, clock: Clock): Promise<Finding[]> {
  if ((await ownsEvents(client)) !== false) return [];
  const next = partitionOf(Math.floor(clock.now() / WEEK_MS) + 1);
  return (await partitions(client)).includes(next)
    ? [fine('The serving role does not own the tables; "relay retain" keeps the history.')]
    : [
        mend(
          'Nobody keeps the history: the serving role does not own the tables. Run "relay retain" daily with DATABASE_MIGRATION_URL, or give that to the server.',
        ),
      ];
}

async function schema(url: string): Promise<Finding> {
  const pending = await pendingMigrations(url);
  return pending.length === 0
    ? fine('The database has the newest schema.')
    : mend(`Migrations are missing (${pending.join(', ')}): run "relay migrate" or start the server.`);
}

/** Everything that is worth knowing about an installation, good and bad. */
export async function examine(
  config: Config,
  { url, ownerUrl }: { url: string; ownerUrl: string },
  clock: Clock,
): Promise<Finding[]> {
  return [
    ...configuration(config),
    ...(await mail(config)),
    ...(await reached(config, async () => [
      await schema(ownerUrl),
      ...(await database(url, ownerUrl, clock)),
    ])),
  ];
}

/** What is to be mended elsewhere is told as well when the database is out of reach. */
async function reached(config: Config, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const fault = startFault(error, config);
    if (fault === null) throw error;
    return [mend(fault)];
  }
}
