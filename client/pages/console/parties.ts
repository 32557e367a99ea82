import type { Accessor } from 'solid-js';
import { ChosenDocument, ConsoleDocument } from '../../api/generated/graphql.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';

export interface Party {
  id: string;
  name: string;
  connection?: { connected: boolean };
}

/**
 * The one that was asked for, unless it is deactivated, or else the one to begin with.
 *
 * @param listed those that are known without being asked for
 * @param first the one to begin with
 */
function createParty(
  listed: Accessor<Party[]>,
  first: Accessor<Party | undefined>,
  asked: Accessor<string | undefined>,
) {
  const known = () => listed().find(({ id }) => id === asked());
  const beyond = createQuery(ChosenDocument, () => {
    const id = asked();
    return id && !known() ? { id } : undefined;
  });
  /** Undefined too while it is not known whether there is such a one: nobody else may be talked to meanwhile. */
  const party = (): Party | undefined => {
    if (!asked() || known()) return known() ?? first();
    const node = beyond.data?.node;
    if (node && 'name' in node && node.active) return node;
    return beyond.data ? first() : undefined;
  };
  return { party, refetch: beyond.refetch, error: () => (asked() && !known() ? beyond.error : undefined) };
}

/** Who talks to whom in the console. */
export function createParties(query: { agent?: string; app?: string }) {
  const organization = useOrganization();
  const choices = createQuery(ConsoleDocument, () => ({ org: organization().slug }));
  const agents = () => (choices.data?.organization?.agents.edges ?? []).map(({ node }) => node);
  const apps = () => (choices.data?.organization?.apps.edges ?? []).map(({ node }) => node);
  // An agent that is there to answer is the better one to begin with.
  const answering = () => agents().find(({ connection }) => connection.connected) ?? agents()[0];
  const agent = createParty(agents, answering, () => query.agent);
  const app = createParty(
    apps,
    () => apps()[0],
    () => query.app,
  );
  return {
    choices,
    agent: agent.party,
    app: app.party,
    error: () => agent.error() ?? app.error(),
    refetch: () => {
      agent.refetch();
      app.refetch();
    },
    /** Whether there is anybody to talk to is known. */
    known: () =>
      choices.data !== undefined &&
      (agent.party() !== undefined || agents().length === 0) &&
      (app.party() !== undefined || apps().length === 0),
  };
}

export type Parties = ReturnType<typeof createParties>;
