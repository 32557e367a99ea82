import './types/scalars.ts';
import './types/errors.ts';
import './types/viewer.ts';
import './types/signIn.ts';
import './types/session.ts';
import './types/member.ts';
import './types/memberMutations.ts';
import './types/invitation.ts';
import './types/audit.ts';
import './types/organization.ts';
import './types/token.ts';
import './types/connectionStatus.ts';
import './types/app.ts';
import './types/agent.ts';
import './types/agentMutations.ts';
import './types/activity.ts';
import './types/attention.ts';
import './types/reach.ts';
import './types/apiKey.ts';
import './types/event.ts';
import './types/testEvent.ts';
import './types/stats.ts';
import './types/node.ts';
import './types/live.ts';
import { builder } from './builder.ts';

/** The whole schema; every noun describes itself in `types/`. */
export const schema = builder.toSchema();
