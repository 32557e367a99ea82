import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { allowedToAskAthena, members, owner, slug } from './acme.ts';
import type { Member, Name } from './acme.ts';
import { graphql, mutate } from './graphql.ts';
import { keep, kept } from './kept.ts';

const CLI = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));

export interface Acme {
  tokens: Record<Name, string>;
  /** Whether events were recorded before this start. */
  hasHistory: boolean;
}

interface Registered {
  id: string;
  slug: string;
  tokens: { lookup: string; state: string }[];
}

interface Organization {
  id: string;
  name: string;
  apps: { edges: { node: Registered }[] };
  agents: { edges: { node: Registered & { restricted: boolean } }[] };
  events: { edges: { cursor: string }[] };
}

const ORGANIZATION = `query ($slug: String!) {
  organization(slug: $slug) {
    id
    name
    apps(first: 100) { edges { node { id slug: appId tokens { lookup state } } } }
    agents(first: 100) { edges { node { id slug: agentId restricted tokens { lookup state } } } }
    events(first: 1) { edges { cursor } }
  }
}`;

/** The command people run. Makes organisation and owner when they are not there yet. */
export async function createKey(env: NodeJS.ProcessEnv): Promise<string> {
  const args = [CLI, 'create-api-key', '--org', slug, '--email', owner, '--name', 'Demo'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return stdout.trim();
}

/** Brings the sample organisation about through the public API; what is there already is used as it is. */
export async function provision(url: string, dataDir: string, newKey: () => Promise<string>): Promise<Acme> {
  const known = kept(dataDir);
  const key = known.key && (await organization(url, known.key)) ? known.key : await newKey();
  const acme = await organization(url, key);
  if (!acme) throw new Error(`The API key does not open the organisation "${slug}".`);
  if (acme.name === 'Acme') {
    await mutate(url, key, 'updateOrganization', { id: acme.id, name: 'Acme Corp' }, 'organization { id }');
  }
  const there = [...acme.apps.edges, ...acme.agents.edges].map((edge) => edge.node);
  const ids: Record<string, string> = {};
  const tokens: Partial<Record<Name, string>> = {};
  for (const [name, member] of Object.entries(members) as [Name, Member][]) {
    const registered = there.find((one) => one.slug === name);
    const token = known.tokens?.[name];
    // Tokens are told apart by their lookup, the first 12 characters of the random part.
    const valid =
      token && registered?.tokens.some((one) => one.state === 'CURRENT' && token.includes(`_${one.lookup}`));
    const made = registered
      ? { id: registered.id, token: valid ? token : await rotate(url, key, member, registered.id) }
      : await register(url, key, member, acme.id);
    ids[name] = made.id;
    tokens[name] = made.token;
  }
  keep(dataDir, { key, tokens });
  if (!acme.agents.edges.some(({ node }) => node.slug === 'athena' && node.restricted)) {
    for (const name of allowedToAskAthena) {
      await mutate(url, key, 'allowApp', { agentId: ids['athena'], appId: ids[name] }, 'agent { id }');
    }
  }
  return { tokens: tokens as Record<Name, string>, hasHistory: acme.events.edges.length > 0 };
}

async function organization(url: string, key: string): Promise<Organization | null> {
  try {
    return (await graphql<{ organization: Organization | null }>(url, key, ORGANIZATION, { slug }))
      .organization;
  } catch (error) {
    // A kept key may have been revoked in the dashboard: then a new one is made.
    if (error instanceof Error && error.message === 'UNAUTHENTICATED') return null;
    throw error;
  }
}

async function register(url: string, key: string, member: Member, organizationId: string) {
  const input = { organizationId, ...member.register };
  type Made = { token: string; made: { id: string } };
  const made = await mutate<Made>(
    url,
    key,
    member.kind === 'app' ? 'registerApp' : 'registerAgent',
    input,
    `token made: ${member.kind} { id }`,
  );
  return { id: made.made.id, token: made.token };
}

/** Only the hash of a lost token exists: a new one takes its place at once. */
async function rotate(url: string, key: string, member: Member, id: string): Promise<string> {
  const name = member.kind === 'app' ? 'rotateAppToken' : 'rotateAgentToken';
  return (await mutate<{ token: string }>(url, key, name, { id, graceSeconds: 0 }, 'token')).token;
}
