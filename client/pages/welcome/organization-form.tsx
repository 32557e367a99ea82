import { useNavigate } from '@solidjs/router';
import { createEffect, createSignal } from 'solid-js';
import { CreateOrganizationDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { useSession } from '../../api/session.tsx';
import { createSubmission } from '../../api/submission.ts';
import { slugProblem, suggestSlug } from '../../format/slug.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Refused } from '../../ui/refused.tsx';

/** Founds an organization, and goes there once the session knows of it. */
function createFounding() {
  const session = useSession();
  const navigate = useNavigate();
  const [name, setName] = createSignal('');
  const [ownSlug, setOwnSlug] = createSignal<string>();
  const [created, setCreated] = createSignal<string>();
  const submission = createSubmission();
  const slug = () => ownSlug() ?? suggestSlug(name());
  /** Once it is there, the form waits for the session to know of it, and must not make another. */
  const busy = () => submission.busy() || created() !== undefined;
  const found = async (): Promise<void> => {
    if (busy() || slugProblem(slug())) return;
    const input = { name: name().trim(), slug: slug() };
    const { ok } = await submission.settle(mutate(CreateOrganizationDocument, { input }));
    if (!ok) return;
    setCreated(ok.organization.slug);
    session.refetch();
  };
  createEffect(() => {
    const mine = session.data?.viewer?.organizations.find((organization) => organization.slug === created());
    if (mine) navigate(`/${mine.slug}`, { replace: true });
  });
  return { submission, busy, name, setName, slug, setSlug: setOwnSlug, found };
}

export function OrganizationForm() {
  const founding = createFounding();
  const { name, slug, submission } = founding;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void founding.found();
  };
  const suggestion = () => submission.failure()?.suggestion;
  return (
    <form class="flex flex-col gap-3" onSubmit={submit} novalidate>
      <Refused failure={submission.failure()} fields={['name', 'slug']} />
      <TextField
        label="Organization name"
        placeholder="Acme Corp"
        autofocus
        value={name()}
        onInput={founding.setName}
        error={submission.failure()?.fields.name}
      />
      <TextField
        label="Address"
        description={`Your dashboard will be at ${location.host}/${slug() || '…'}`}
        mono
        value={slug()}
        onInput={founding.setSlug}
        error={slugProblem(slug()) ?? submission.failure()?.fields.slug}
        hint={suggestion() ? `Free: ${suggestion()}` : undefined}
      />
      <Button type="submit" variant="primary" class="w-full" busy={founding.busy()}>
        Create organization
      </Button>
    </form>
  );
}
