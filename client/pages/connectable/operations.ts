import {
  DeactivateAgentDocument,
  DeactivateAppDocument,
  ReactivateAgentDocument,
  ReactivateAppDocument,
  RegisterAgentDocument,
  RegisterAppDocument,
  RevokePreviousAgentTokenDocument,
  RevokePreviousAppTokenDocument,
  RotateAgentTokenDocument,
  RotateAppTokenDocument,
} from '../../api/generated/graphql.ts';
import type { RegisterAgentInput } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate, mutateSecretly } from '../../api/mutate.ts';

/** Apps and agents share their credentials' life; this is the one place that tells their mutations apart. */
export type Kind = 'app' | 'agent';

/** What the two are called, and what their tokens are stored as. */
export const words = {
  app: { noun: 'app', title: 'App', plural: 'apps', variable: 'RELAY_APP_TOKEN', prefix: 'rlk' },
  agent: { noun: 'agent', title: 'Agent', plural: 'agents', variable: 'RELAY_AGENT_TOKEN', prefix: 'rla' },
} as const;

export interface Registered {
  id: string;
  slug: string;
  token: string;
}

type Answer<Value> = { value: Value; failure?: undefined } | { value?: undefined; failure: Failure };

export type Registration = Omit<RegisterAgentInput, 'agentId'> & { slug: string };

export async function register(kind: Kind, registration: Registration): Promise<Answer<Registered>> {
  const { slug, organizationId, name, ...rest } = registration;
  if (kind === 'app') {
    const { ok, failure } = await mutateSecretly(RegisterAppDocument, {
      input: { organizationId, name, appId: slug },
    });
    return ok ? { value: { id: ok.app.id, slug: ok.app.appId, token: ok.token } } : { failure };
  }
  const { ok, failure } = await mutateSecretly(RegisterAgentDocument, {
    input: { organizationId, name, agentId: slug, ...rest },
  });
  return ok ? { value: { id: ok.agent.id, slug: ok.agent.agentId, token: ok.token } } : { failure };
}

export interface Rotated {
  token: string;
  previousTokenExpiresAt: string | null;
}

export async function rotate(kind: Kind, id: string, graceSeconds: number): Promise<Answer<Rotated>> {
  const input = { id, graceSeconds };
  const { ok, failure } =
    kind === 'app'
      ? await mutateSecretly(RotateAppTokenDocument, { input })
      : await mutateSecretly(RotateAgentTokenDocument, { input });
  return ok
    ? { value: { token: ok.token, previousTokenExpiresAt: ok.previousTokenExpiresAt ?? null } }
    : { failure };
}

export async function revokePrevious(kind: Kind, id: string, lookup: string): Promise<Failure | undefined> {
  const variables = { input: { id, lookup } };
  const outcome =
    kind === 'app'
      ? await mutate(RevokePreviousAppTokenDocument, variables)
      : await mutate(RevokePreviousAgentTokenDocument, variables);
  return outcome.failure;
}

export async function setActive(kind: Kind, id: string, active: boolean): Promise<Failure | undefined> {
  const variables = { input: { id } };
  const change = {
    app: () => (active ? mutate(ReactivateAppDocument, variables) : mutate(DeactivateAppDocument, variables)),
    agent: () =>
      active ? mutate(ReactivateAgentDocument, variables) : mutate(DeactivateAgentDocument, variables),
  };
  return (await change[kind]()).failure;
}
