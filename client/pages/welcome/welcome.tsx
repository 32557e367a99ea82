import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import { Centered } from '../../ui/centered.tsx';
import type { Viewer } from '../shell/gate.tsx';
import { Gate } from '../shell/gate.tsx';
import { SignOutButton } from '../shell/sign-out-button.tsx';
import { OrganizationForm } from './organization-form.tsx';

export default function Welcome() {
  return (
    <Gate>
      {(viewer) => (
        <Switch>
          <Match when={viewer().canCreateOrganization}>
            <Centered
              title={
                viewer().organizations.length > 0 ? 'Create another organization' : 'Create your organization'
              }
              lead="It holds your apps, your agents and the history of their events."
            >
              <OrganizationForm />
              <Elsewhere viewer={viewer()} />
            </Centered>
          </Match>
          <Match when={viewer().invitations.length > 0}>
            <Centered title="You are invited" lead={`${viewer().user?.email} may join:`}>
              <Elsewhere viewer={viewer()} />
            </Centered>
          </Match>
          <Match when={true}>
            <Centered
              title="No organization yet"
              lead={`${viewer().user?.email} is not a member of any organization here. Ask an owner to invite you.`}
            >
              <SignOutButton />
            </Centered>
          </Match>
        </Switch>
      )}
    </Gate>
  );
}

/** Where else one may go: invitations to answer, and back. */
function Elsewhere(props: { viewer: Viewer }) {
  const look = 'rounded-md border border-line-strong px-3 py-2 font-medium hover:bg-hover';
  return (
    <nav aria-label="Elsewhere" class="mt-4 flex flex-col gap-2">
      <For each={props.viewer.invitations}>
        {(invitation) => (
          <A href={invitation.path} class={look}>
            Join {invitation.organizationName}
          </A>
        )}
      </For>
      <Show when={props.viewer.organizations[0]}>
        {(first) => (
          <A href={`/${first().slug}`} class="self-center text-ink-2 hover:text-ink hover:underline">
            Back to {first().name}
          </A>
        )}
      </Show>
    </nav>
  );
}
