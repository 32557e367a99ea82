import {
  registerAgent,
  revokePreviousAgentToken,
  rotateAgentToken,
  setAgentActive,
  updateAgent,
} from '../../domain/agents.ts';
import { allowApp, changeAllowlist, disallowApp } from '../../domain/allowlist.ts';
import { IdTakenError } from '../../domain/conflicts.ts';
import { GRACE_DEFAULT } from '../../domain/tokens.ts';
import type { Agent } from '../../database/entities/agent.ts';
import { NotFoundError } from '../../errors.ts';
import type { Types } from '../builder.ts';
import { rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { AgentRef } from '../refs.ts';
import { previousInput } from './token.ts';

type Success = PothosSchemaTypes.ObjectFieldBuilder<Types, { agent: Agent }>;
type Input = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const idInput = (t: Input) => ({ id: t.id({ required: true, description: "The agent's global id." }) });
const agentField = (t: Success) => ({
  agent: t.field({ type: AgentRef, description: 'The agent as it is now.', resolve: ({ agent }) => agent }),
});
const settingInputs = (t: Input) => ({
  description: t.string({ description: 'What it does, at most 2,000 characters.' }),
  timeoutSeconds: t.int({
    description: 'Longest silence about one event before it fails, 1 to 3,600 seconds; 120 by default.',
  }),
  maxSeconds: t.int({
    description: 'Longest time for one event in all, 1 to 86,400 seconds; 3,600 by default.',
  }),
  queueSeconds: t.int({
    description: 'How long an event waits while the agent is away, 1 to 604,800 seconds; 86,400 by default.',
  }),
  maxInFlight: t.int({ description: 'Events in flight on each connection, 1 to 1,000; 64 by default.' }),
});

mutation('registerAgent', {
  description: 'Registers an agent and makes its first token. Owners only.',
  input: (t) => ({
    organizationId: t.id({ required: true, description: "The organisation's global id." }),
    name: t.string({ required: true, description: 'Display name, 1 to 80 characters.' }),
    agentId: t.string({
      required: true,
      description:
        'The Agent ID: 1 to 40 lowercase letters, digits and inner hyphens, unique in the organisation. Cannot be changed later.',
    }),
    ...settingInputs(t),
  }),
  errors: [IdTakenError, NotFoundError],
  resolve: (input, { work, caller }) =>
    registerAgent(work, caller, { ...input, organizationId: rowId('Organization', input.organizationId) }),
  success: (t) => ({
    ...agentField(t as unknown as Success),
    token: t.exposeString('token', {
      description: 'The agent token, `rla_…`. Shown only here; store it now.',
    }),
  }),
});

mutation('updateAgent', {
  description: 'Changes what is given and leaves the rest. Owners only.',
  input: (t) => ({
    ...idInput(t),
    name: t.string({ description: 'Display name, 1 to 80 characters.' }),
    ...settingInputs(t),
  }),
  errors: [NotFoundError],
  resolve: async ({ id, ...input }, { work, caller }) => ({
    agent: await updateAgent(work, caller, rowId('Agent', id), input),
  }),
  success: agentField,
});

mutation('rotateAgentToken', {
  description:
    'Makes a new token at once; the present one stays valid for the grace, any older one ends. Owners only.',
  input: (t) => ({
    ...idInput(t),
    graceSeconds: t.int({
      required: true,
      defaultValue: GRACE_DEFAULT,
      description: 'How long the present token stays valid, 0 to 86,400 seconds; 0 revokes it now.',
    }),
  }),
  errors: [NotFoundError],
  resolve: ({ id, graceSeconds }, { work, caller }) =>
    rotateAgentToken(work, caller, rowId('Agent', id), graceSeconds),
  success: (t) => ({
    ...agentField(t as unknown as Success),
    token: t.exposeString('token', {
      description: 'The new agent token, `rla_…`. Shown only here; store it now.',
    }),
    previousTokenExpiresAt: t.expose('previousTokenExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the previous token ends; null when it has ended already.',
    }),
  }),
});

mutation('revokePreviousAgentToken', {
  description: 'Ends the grace of the previous token now. Owners only.',
  input: (t) => ({ ...idInput(t), lookup: previousInput(t) }),
  errors: [NotFoundError],
  resolve: async ({ id, lookup }, { work, caller }) => ({
    agent: await revokePreviousAgentToken(work, caller, rowId('Agent', id), lookup),
  }),
  success: agentField,
});

for (const active of [false, true]) {
  mutation(active ? 'reactivateAgent' : 'deactivateAgent', {
    description: active
      ? 'Lets an agent connect again, with the tokens it had. Owners only.'
      : 'Closes the connections of an agent and refuses new ones; new events for it are rejected. Owners only.',
    input: idInput,
    errors: [NotFoundError],
    resolve: async ({ id }, { work, caller }) => ({
      agent: await setAgentActive(work, caller, rowId('Agent', id), active),
    }),
    success: agentField,
  });
}

const entryInput = (t: Input) => ({
  agentId: t.id({ required: true, description: "The agent's global id." }),
  appId: t.id({ required: true, description: "The app's global id." }),
});
const mayOpenInput = (t: Input) =>
  t.boolean({
    required: true,
    defaultValue: true,
    description:
      'Whether the list may be left empty. If not, and somebody else has emptied the rest, nothing changes.',
  });

mutation('allowApp', {
  description:
    'Lets an app reach the agent. The first entry closes the agent to all other apps. Owners only.',
  input: entryInput,
  errors: [NotFoundError],
  resolve: async ({ agentId, appId }, { work, caller }) => ({
    agent: await allowApp(work, caller, rowId('Agent', agentId), rowId('App', appId)),
  }),
  success: agentField,
});

mutation('disallowApp', {
  description: 'Takes an app off the allowlist. Without entries every app may reach the agent. Owners only.',
  input: (t) => ({ ...entryInput(t), mayOpen: mayOpenInput(t) }),
  errors: [NotFoundError],
  resolve: async ({ agentId, appId, mayOpen }, { work, caller }) => ({
    agent: await disallowApp(work, caller, rowId('Agent', agentId), rowId('App', appId), mayOpen),
  }),
  success: agentField,
});

mutation('changeAllowlist', {
  description:
    'Lets many apps reach the agent and takes others off its allowlist, at once. Without entries every app may reach the agent. Owners only.',
  input: (t) => ({
    agentId: t.id({ required: true, description: "The agent's global id." }),
    allow: t.idList({ required: true, description: 'The apps to allow (global ids).' }),
    disallow: t.idList({
      required: true,
      description: 'The apps to take off (global ids); with those to allow, at most 500.',
    }),
    mayOpen: mayOpenInput(t),
  }),
  errors: [NotFoundError],
  resolve: async (input, { work, caller }) => {
    const [allow, disallow] = [input.allow, input.disallow].map((ids) => ids.map((id) => rowId('App', id)));
    const changes = { allow: allow ?? [], disallow: disallow ?? [], mayOpen: input.mayOpen };
    return { agent: await changeAllowlist(work, caller, rowId('Agent', input.agentId), changes) };
  },
  success: agentField,
});
