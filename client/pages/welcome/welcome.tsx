import { A, useNavigate } from '@solidjs/router';
import { For, Match, Show, Switch, createEffect, createSignal } from 'solid-js';
import { CreateOrganizationDocument } from '../../api/generated/graphql.ts';
import type { Failure } from '../../api/mutate.ts';
import { mutate } from '../../api/mutate.ts';
import { useSession } from '../../api/session.tsx';
import { slugProblem, suggestSlug } from '../../format/slug.ts';
import { Button } from '../../ui/button.tsx';
import { Centered } from '../../ui/centered.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';
import type { Viewer } from '../shell/gate.tsx';
import { Gate } from '../shell/gate.tsx';
import { SignOutButton } from '../shell/sign-out-button.tsx';

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

function OrganizationForm() {
  const session = useSession();
  const navigate = useNavigate();
  const [name, setName] = createSignal('');
  const [ownSlug, setOwnSlug] = createSignal<string>();
  const [created, setCreated] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const slug = () => ownSlug() ?? suggestSlug(name());
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy() || slugProblem(slug())) return;
    setBusy(true);
    const { ok, failure: refused } = await mutate(CreateOrganizationDocument, {
      input: { name: name().trim(), slug: slug() },
    });
    setFailure(refused);
    // Once it is there, the form waits for the session to know of it, and must not make another.
    if (!ok) return void setBusy(false);
    setCreated(ok.organization.slug);
    session.refetch();
  };
  createEffect(() => {
    const mine = session.data?.viewer?.organizations.find((organization) => organization.slug === created());
    if (mine) navigate(`/${mine.slug}`, { replace: true });
  });
  return (
    <form class="flex flex-col gap-3" onSubmit={(event) => void submit(event)} novalidate>
      <Show when={failure() && Object.keys(failure()?.fields ?? {}).length === 0}>
        <Notice tone="bad">{failure()?.message}</Notice>
      </Show>
      <TextField
        label="Organization name"
        placeholder="Acme Corp"
        autofocus
        value={name()}
        onInput={setName}
        error={failure()?.fields.name}
      />
      <TextField
        label="Address"
        description={`Your dashboard will be at ${location.host}/${slug() || '…'}`}
        mono
        value={slug()}
        onInput={setOwnSlug}
        error={slugProblem(slug()) ?? failure()?.fields.slug}
        hint={failure()?.suggestion ? `Free: ${failure()?.suggestion}` : undefined}
      />
      <Button type="submit" variant="primary" class="w-full" busy={busy()}>
        Create organization
      </Button>
    </form>
  );
}
