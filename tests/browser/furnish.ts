import { connect } from '../harness/client.ts';
import { outside, paths } from './places.ts';
import type { Visit } from './visit.ts';

/** Makes the organisation Acme Corp, in which everything there is to see has happened once; its id. */
export async function furnish(visit: Visit): Promise<string> {
  const id = await visit.found();
  const [portal, flow, athena, klyve] = [
    await visit.make('App', id, 'Portal'),
    await visit.make('App', id, 'Flow'),
    await visit.make('Agent', id, 'Athena'),
    await visit.make('Agent', id, 'Klyve'),
  ];
  // As long as an ID may be, without a place to break it.
  const long = await visit.make('App', id, 'W'.repeat(40));
  await visit.graphql('mutation M($input: AllowAppInput!) { allowApp(input: $input) { __typename } }', {
    input: { agentId: klyve.id, appId: flow.id },
  });
  const invited = await visit.graphql(
    `mutation M($input: InviteMemberInput!) { inviteMember(input: $input) {
      ... on InviteMemberSuccess { invitation { path } } } }`,
    {
      input: { organizationId: id, email: 'a.rather.long.name@subsidiary.acme.example', role: 'MEMBER' },
    },
  );
  outside.invitation = (
    invited['inviteMember'] as unknown as { invitation: { path: string } }
  ).invitation.path;
  const agent = await connect(visit.door('agent'), { token: athena.token });
  const app = await connect(visit.door('app'), { token: portal.token });
  const send = async (thread: string, agentId = 'athena'): Promise<string> => {
    app.send({
      type: 'event',
      agent_id: agentId,
      thread_id: thread,
      payload: { text: 'Hello', n: [1, 2.5] },
    });
    return String((await app.find(['accepted', 'error'])).body['event_id']);
  };
  const delivered = await send('task-1');
  agent.send({ type: 'token', event_id: delivered, token: 'Here ' });
  agent.send({ type: 'reply', event_id: delivered, content: 'Here you are.', metadata: { tokens_used: 3 } });
  await app.find('reply');
  const failed = await send('task-2');
  agent.send({ type: 'error', event_id: failed, error: 'The model is overloaded.', code: 'AGENT_ERROR' });
  await app.find('error', { event_id: failed });
  await send('task-3', 'klyve');
  await send('task-4');
  Object.assign(paths, {
    'app-long': `/acme/apps/${encodeURIComponent(long.id)}`,
    'app-detail': `/acme/apps/${encodeURIComponent(portal.id)}`,
    'agent-detail': `/acme/agents/${encodeURIComponent(klyve.id)}`,
    'event-delivered': `/acme/events/${delivered}`,
    'event-failed': `/acme/events/${failed}`,
    'event-sheet': `/acme/events?event=${delivered}`,
    'event-search': '/acme/events?text=hello&range=1h',
    'event-none': '/acme/events?thread=nobody-wrote-here',
    'console-thread': `/acme/console?agent=${encodeURIComponent(athena.id)}&app=${encodeURIComponent(portal.id)}&thread=task-1`,
  });
  return id;
}
