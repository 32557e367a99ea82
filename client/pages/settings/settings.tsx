import { Match, Show, Switch, createSignal } from 'solid-js';
import { SettingsDocument, UpdateOrganizationDocument } from '../../api/generated/graphql.ts';
import { mutate } from '../../api/mutate.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization, useReadOnlyReason, useSession } from '../../api/session.tsx';
import { minuteUtc } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { Id } from '../../ui/copy.tsx';
import { Fact, Facts, Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { RenameDialog } from '../connectable/rename-dialog.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Sessions } from './sessions.tsx';

export default function Settings() {
  return (
    <Page title="Settings">
      <OrganizationPanel />
      <ApiKeys />
      <Sessions />
      <SignInPanel />
    </Page>
  );
}

function OrganizationPanel() {
  const organization = useOrganization();
  const readOnly = useReadOnlyReason();
  const [renaming, setRenaming] = createSignal(false);
  const settings = createQuery(SettingsDocument, () => ({ org: organization().slug }));
  const rename = async (name: string) =>
    (await mutate(UpdateOrganizationDocument, { input: { id: organization().id, name } })).failure;
  return (
    <>
      <Panel
        title="Organization"
        actions={
          <Button class="h-7!" disabledReason={readOnly()} onClick={() => setRenaming(true)}>
            Rename
          </Button>
        }
      >
        <Switch>
          <Match when={settings.data?.organization}>
            {(found) => (
              <Facts>
                <Fact name="Name">{found().name}</Fact>
                <Fact name="Address">
                  <Id text={found().slug} what="address" />
                </Fact>
                <Fact name="Created">{minuteUtc(found().createdAt)}</Fact>
              </Facts>
            )}
          </Match>
          <Match when={settings.loading}>
            <SkeletonRows rows={3} />
          </Match>
          <Match when={true}>
            <Problem onRetry={() => settings.refetch()}>{problemText(settings.error)}</Problem>
          </Match>
        </Switch>
      </Panel>
      <RenameDialog
        open={renaming()}
        label="Organization name"
        name={organization().name}
        description={`The address stays ${organization().slug}.`}
        onRename={rename}
        onClose={() => setRenaming(false)}
      />
    </>
  );
}

function SignInPanel() {
  const organization = useOrganization();
  const session = useSession();
  return (
    <Panel title="Sign-in">
      <Facts>
        <Fact name="Signed in as">{session.data?.viewer?.user?.email}</Fact>
        <Fact name="Your role">{organization().viewerRole.toLowerCase()}</Fact>
        <Fact name="How">
          By a 6-digit code sent to your e-mail; a session lasts 7 days from its last use.
        </Fact>
        <Fact name="New accounts">
          <Show when={session.data?.signup.open} fallback="By invitation only">
            Anyone may sign up
          </Show>
        </Fact>
      </Facts>
    </Panel>
  );
}
