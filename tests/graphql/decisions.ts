import type { Room } from '../harness/room.ts';
import type { Person, Variables } from './api.ts';
import { globalId, organizationId, signedIn } from './api.ts';

export interface Stage {
  owner: Person;
  organization: string;
  app: string;
  agent: string;
  member: { id: string; person: Person };
}

async function membershipId(room: Room, userId: string): Promise<string> {
  const [row] = await room.relay.sql('select id from membership where user_id = $1', [userId]);
  return globalId('Membership', String(row!['id']));
}

/** An organisation with one of everything, and an owner and a member who are signed in. */
export async function setStage(room: Room): Promise<Stage> {
  const [app, agent] = await Promise.all([room.seed.app(), room.seed.agent()]);
  const person = await signedIn(room, 'member');
  return {
    owner: await signedIn(room, 'owner'),
    organization: organizationId(room.seed),
    app: app.globalId,
    agent: agent.globalId,
    member: { id: await membershipId(room, person.userId), person },
  };
}

export interface Decision {
  /** What the log then says, after entries of what had to happen before. */
  action: string;
  input: (stage: Stage) => Variables | Promise<Variables>;
  as?: (stage: Stage) => Person;
}

const ids = (pick: 'app' | 'agent') => (stage: Stage) => ({ id: stage[pick] });
export const entry = ({ agent, app }: Stage) => ({ agentId: agent, appId: app });
const invited = async (stage: Stage, email = 'guest@people.test') => {
  const input = { organizationId: stage.organization, email, role: 'MEMBER' };
  return (await stage.owner.mutate('inviteMember', input, 'invitation { id }')).invitation as { id: string };
};
const rotated = (name: string, pick: 'app' | 'agent') => async (stage: Stage) => {
  await stage.owner.mutate(name, { id: stage[pick], graceSeconds: 60 });
  return { id: stage[pick] };
};
const deactivated = (name: string, pick: 'app' | 'agent') => async (stage: Stage) => {
  await stage.owner.mutate(name, { id: stage[pick] });
  return { id: stage[pick] };
};

const sent = async (stage: Stage) =>
  (await stage.owner.mutate('sendTestEvent', { ...entry(stage), payload: '{}' }, 'event { id }')).event as {
    id: string;
  };

/** What each mutation leaves in the log. `null`: nothing, because nothing changes. */
export const decisions: Record<string, Decision | null> = {
  // A code only changes anything once it is verified.
  requestLoginCode: null,
  createOrganization: { action: 'ORGANIZATION_CREATED', input: () => ({ name: 'Brand new' }) },
  updateOrganization: {
    action: 'ORGANIZATION_RENAMED',
    input: ({ organization }) => ({ id: organization, name: 'N' }),
  },
  inviteMember: {
    action: 'MEMBER_INVITED',
    input: ({ organization }) => ({ organizationId: organization, email: 'new@people.test', role: 'OWNER' }),
  },
  resendInvitation: {
    action: 'INVITATION_RESENT',
    input: async (stage) => ({ id: (await invited(stage)).id }),
  },
  revokeInvitation: {
    action: 'INVITATION_REVOKED',
    input: async (stage) => ({ id: (await invited(stage)).id }),
  },
  acceptInvitation: {
    action: 'INVITATION_ACCEPTED',
    as: ({ member }) => member.person,
    input: async (stage) => {
      const { id, person } = stage.member;
      await stage.owner.mutate('removeMember', { id });
      return { id: (await invited(stage, person.email)).id };
    },
  },
  changeRole: { action: 'ROLE_CHANGED', input: ({ member }) => ({ id: member.id, role: 'OWNER' }) },
  removeMember: { action: 'MEMBER_REMOVED', input: ({ member }) => ({ id: member.id }) },
  leaveOrganization: {
    action: 'MEMBER_LEFT',
    as: ({ member }) => member.person,
    input: ({ organization }) => ({ organizationId: organization }),
  },
  revokeSession: {
    action: 'SESSION_REVOKED',
    input: ({ owner }) => ({ id: globalId('Session', owner.sessionId!) }),
  },
  signOutEverywhere: { action: 'SIGNED_OUT_EVERYWHERE', input: () => ({}) },
  createApiKey: {
    action: 'API_KEY_CREATED',
    input: ({ organization }) => ({ organizationId: organization, name: 'CI' }),
  },
  revokeApiKey: {
    action: 'API_KEY_REVOKED',
    input: async ({ owner, organization }) => {
      const input = { organizationId: organization, name: 'CI' };
      return { id: (await owner.mutate('createApiKey', input, 'apiKey { id }')).apiKey.id };
    },
  },
  registerApp: {
    action: 'APP_REGISTERED',
    input: ({ organization }) => ({ organizationId: organization, name: 'New', appId: 'new' }),
  },
  updateApp: { action: 'APP_RENAMED', input: ({ app }) => ({ id: app, name: 'Other' }) },
  rotateAppToken: { action: 'APP_TOKEN_ROTATED', input: ids('app') },
  revokePreviousAppToken: { action: 'APP_PREVIOUS_TOKEN_REVOKED', input: rotated('rotateAppToken', 'app') },
  deactivateApp: { action: 'APP_DEACTIVATED', input: ids('app') },
  reactivateApp: { action: 'APP_REACTIVATED', input: deactivated('deactivateApp', 'app') },
  registerAgent: {
    action: 'AGENT_REGISTERED',
    input: ({ organization }) => ({ organizationId: organization, name: 'New', agentId: 'new' }),
  },
  updateAgent: { action: 'AGENT_UPDATED', input: ({ agent }) => ({ id: agent, timeoutSeconds: 7 }) },
  rotateAgentToken: { action: 'AGENT_TOKEN_ROTATED', input: ids('agent') },
  revokePreviousAgentToken: {
    action: 'AGENT_PREVIOUS_TOKEN_REVOKED',
    input: rotated('rotateAgentToken', 'agent'),
  },
  deactivateAgent: { action: 'AGENT_DEACTIVATED', input: ids('agent') },
  reactivateAgent: { action: 'AGENT_REACTIVATED', input: deactivated('deactivateAgent', 'agent') },
  allowApp: { action: 'APP_ALLOWED', input: entry },
  changeAllowlist: {
    action: 'APP_ALLOWED',
    input: ({ agent, app }) => ({ agentId: agent, allow: [app], disallow: [] }),
  },
  disallowApp: {
    action: 'APP_DISALLOWED',
    input: async (stage) => {
      await stage.owner.mutate('allowApp', entry(stage));
      return entry(stage);
    },
  },
  sendTestEvent: { action: 'TEST_EVENT_SENT', input: (stage) => ({ ...entry(stage), payload: '{}' }) },
  resendEvent: { action: 'EVENT_RESENT', input: async (stage) => ({ id: (await sent(stage)).id }) },
  deleteEventContent: {
    action: 'EVENT_CONTENT_DELETED',
    input: async (stage) => {
      // An event of an app that may not reach the agent is over at once.
      const other = await stage.owner.mutate(
        'registerApp',
        { organizationId: stage.organization, name: 'Other', appId: 'other' },
        'app { id }',
      );
      await stage.owner.mutate('allowApp', { agentId: stage.agent, appId: other.app.id });
      return { id: (await sent(stage)).id };
    },
  },
  deleteAppContents: {
    action: 'APP_CONTENTS_DELETED',
    input: async (stage) => {
      const { data } = await stage.owner.ask('query A($id: ID!) { app(id: $id) { appId } }', {
        id: stage.app,
      });
      return { id: stage.app, appId: data.app.appId };
    },
  },
};
