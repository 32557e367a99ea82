import { useNavigate } from '@solidjs/router';
import { createEffect, createSignal } from 'solid-js';
import { AppChoicesDocument, SendTestEventDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { createSubmission } from '../../api/submission.ts';
import { payloadProblem } from '../../format/json.ts';

const EXAMPLE = '{\n  "text": "Hello, are you there?"\n}';

/** A test event as it is written, and its way to an agent. */
export function createTestSending(agentId: () => string, open: () => boolean) {
  const organization = useOrganization();
  const navigate = useNavigate();
  const apps = createQuery(AppChoicesDocument, () => (open() ? { org: organization().slug } : undefined));
  const [picked, pick] = createSignal('');
  const [thread, setThread] = createSignal('');
  const [payload, setPayload] = createSignal(EXAMPLE);
  const submission = createSubmission();
  const first = () => apps.data?.organization?.apps.edges[0]?.node;
  const appId = () => picked() || (first()?.id ?? '');
  const problem = () => payloadProblem(payload());
  const unsendable = (): string | undefined => {
    if (appId()) return undefined;
    if (apps.data) return 'Register an app first.';
    return apps.error ? 'Choose an app first.' : 'Apps are not loaded yet.';
  };
  createEffect(() => {
    if (open()) submission.forget();
  });
  const send = async (): Promise<void> => {
    if (submission.busy() || problem() || unsendable()) return;
    const threadId = thread().trim();
    const input = {
      agentId: agentId(),
      appId: appId(),
      payload: payload().trim(),
      ...(threadId ? { threadId } : {}),
    };
    const { ok } = await submission.settle(mutate(SendTestEventDocument, { input }));
    if (ok) navigate(`/${organization().slug}/events/${ok.event.eventId}`);
  };
  return {
    submission,
    appId,
    /** The name of the app that is taken as long as none is picked. */
    appName: () => (picked() ? undefined : first()?.name),
    pick,
    /** Why no event can be sent now. */
    unsendable,
    /** Why there is no app to begin with. */
    appsProblem: () => (apps.error && !appId() ? problemText(apps.error) : undefined),
    askForApps: () => apps.retry(),
    thread,
    setThread,
    payload,
    setPayload,
    problem,
    send,
  };
}
