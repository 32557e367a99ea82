import { useNavigate, useParams } from '@solidjs/router';
import { Match, Switch } from 'solid-js';
import { MyInvitationsDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { Centered } from '../../ui/centered.tsx';
import { Bar, Problem } from '../../ui/states.tsx';
import { Gate } from '../shell/gate.tsx';
import { AcceptButton } from './accept-button.tsx';

/** Where the link of an invitation leads, behind the sign-in. */
export default function InvitationPage() {
  return <Gate>{(viewer) => <Found email={viewer().user?.email ?? ''} />}</Gate>;
}

function Found(props: { email: string }) {
  const params = useParams();
  const navigate = useNavigate();
  const mine = createQuery(MyInvitationsDocument, () => ({}));
  const invitation = () =>
    mine.data?.viewer?.invitations.find(({ path }) => path === `/invitations/${params.id}`);
  return (
    <Switch>
      <Match when={invitation()}>
        {(found) => (
          <Centered
            title={`Join ${found().organizationName}`}
            lead={`${found().invitedBy} invites you as ${found().role === 'OWNER' ? 'an owner, who can change everything' : 'a member, who can read'}.`}
          >
            <AcceptButton id={found().id} organization={found().organizationName} />
          </Centered>
        )}
      </Match>
      <Match when={mine.loading}>
        <Centered title="Your invitation" lead="One moment.">
          <div role="status" aria-label="Loading">
            <Bar class="w-40 animate-breathe" />
          </div>
        </Centered>
      </Match>
      <Match when={mine.error}>
        <main class="grid min-h-screen place-items-center">
          <Problem onRetry={() => mine.refetch()}>{problemText(mine.error)}</Problem>
        </main>
      </Match>
      <Match when={true}>
        <Centered
          title="No invitation for you here"
          lead={`It was accepted, revoked or has expired, or it is for another address: you are signed in as ${props.email}.`}
        >
          <Button class="w-full" onClick={() => navigate('/')}>
            To the dashboard
          </Button>
        </Centered>
      </Match>
    </Switch>
  );
}
