import type { Agent } from '../../database/entities/agent.ts';
import type { App } from '../../database/entities/app.ts';
import { agentFor, appFor, orNull } from '../../domain/caller.ts';
import { NotFoundError } from '../../errors.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { rowId } from '../ids.ts';
import { AgentRef, AppRef } from '../refs.ts';

interface Reach {
  app: App;
  agent: Agent;
  refusal: { code: string; message: string } | null;
}

const ReachRef = builder.objectRef<Reach>('Reach').implement({
  description: 'Whether events of an app get through to an agent, judged as real ones are.',
  fields: (t) => ({
    app: t.expose('app', { type: AppRef, description: 'The app.' }),
    agent: t.expose('agent', { type: AgentRef, description: 'The agent.' }),
    allowed: t.boolean({
      description: 'Whether they would be accepted, provided the app can connect.',
      resolve: ({ refusal }) => refusal === null,
    }),
    code: t.string({
      nullable: true,
      description: 'The code they would be rejected with; null when they are accepted.',
      resolve: ({ refusal }) => refusal?.code ?? null,
    }),
    message: t.string({
      nullable: true,
      description: 'What the app would be told; null when they are accepted.',
      resolve: ({ refusal }) => refusal?.message ?? null,
    }),
  }),
});

async function reach({ work, caller, parts }: Context, appId: string, agentId: string): Promise<Reach> {
  const app = await appFor(work, caller, rowId('App', appId), 'read');
  const agent = await agentFor(work, caller, rowId('Agent', agentId), 'read');
  // Two organisations of one person are still strangers.
  if (app.organization.id !== agent.organization.id) throw new NotFoundError();
  return { app, agent, refusal: await parts.broker.judge(app.organization.id, app.id, agent.id) };
}

builder.queryField('reach', (t) =>
  t.field({
    type: ReachRef,
    nullable: true,
    description:
      "A dry run: may this app reach this agent? Nothing is sent. Null when either is absent or another organisation's.",
    args: {
      appId: t.arg.id({ required: true, description: "The app's global id." }),
      agentId: t.arg.id({ required: true, description: "The agent's global id." }),
    },
    resolve: (_root, { appId, agentId }, context) => orNull(reach(context, appId, agentId)),
  }),
);
