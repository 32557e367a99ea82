import type { AnyVariables, Client, TypedDocumentNode } from '@urql/core';
import { cached, direct } from './client.ts';
import { noticeUnauthenticated, problemText } from './problem.ts';

type Payload<Data> = Data[Exclude<keyof Data, '__typename'>];
type Success<Data> = Extract<Payload<Data>, { __typename: `${string}Success` }>;

/** An expected refusal, or the server not being there; `fields` maps an input field to its sentence. */
export interface Failure {
  kind: string;
  message: string;
  fields: Record<string, string>;
  suggestion?: string;
  attemptsLeft?: number;
  retryAfterSeconds?: number;
  /** ISO 8601, UTC. */
  until?: string;
}

export type Outcome<Data> = { ok: Success<Data>; failure?: undefined } | { ok?: undefined; failure: Failure };

interface Refusal {
  __typename: string;
  /** Missing when the schema knows a refusal that this build of the dashboard does not ask about. */
  message?: string;
  field?: string | null;
  fields?: { field: string; message: string }[];
  suggestion?: string | null;
}

function toFailure(refusal: Refusal): Failure {
  const { __typename: kind, field, fields: listed = [], suggestion, ...rest } = refusal;
  const fields = Object.fromEntries(listed.map((entry) => [entry.field, entry.message]));
  if (field) fields[field] = refusal.message ?? 'Taken.';
  return {
    ...rest,
    message: refusal.message ?? 'Relay refused this.',
    kind,
    fields,
    ...(suggestion ? { suggestion } : {}),
  };
}

async function run<Data extends object, Variables extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Outcome<Data>> {
  const { data, error } = await client.mutation(document, variables).toPromise();
  noticeUnauthenticated(error);
  const payload = Object.entries(data ?? {}).find(([name]) => name !== '__typename')?.[1] as
    Refusal | undefined;
  if (!payload) return { failure: { kind: 'Problem', message: problemText(error), fields: {} } };
  if (payload.__typename.endsWith('Success')) return { ok: payload as unknown as Success<Data> };
  return { failure: toFailure(payload) };
}

type Run = <Data extends object, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Outcome<Data>>;

/** Runs a mutation; what it returns updates everything on screen that shows it. */
export const mutate: Run = (document, variables) => run(cached, document, variables);

/** The same for answers that hold a secret: nothing of them is kept. */
export const mutateSecretly: Run = (document, variables) => run(direct, document, variables);
