import { A, useLocation, useNavigate } from '@solidjs/router';
import Menu from 'lucide-solid/icons/menu';
import Mail from 'lucide-solid/icons/mail';
import Search from 'lucide-solid/icons/search';
import { For, Show, createEffect, createSignal, on } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { ViewerOrganization } from '../../api/session.tsx';
import { Logo } from '../../ui/logo.tsx';
import { Select } from '../../ui/select.tsx';
import { ThemeSwitch } from '../../ui/theme-switch.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import type { Viewer } from './gate.tsx';
import { openPalette } from './palette-host.tsx';
import { places } from './places.ts';
import { SignOutButton } from './sign-out-button.tsx';

interface SidebarProps {
  viewer: Viewer;
  organization: ViewerOrganization;
}

export function Sidebar(props: SidebarProps) {
  const [open, setOpen] = createSignal(false);
  const location = useLocation();
  createEffect(
    on(
      () => location.pathname,
      () => setOpen(false),
      { defer: true },
    ),
  );
  return (
    <aside class="flex w-56 shrink-0 flex-col border-r border-line bg-panel max-md:w-full max-md:border-r-0 max-md:border-b md:sticky md:top-0 md:h-screen">
      <div class="flex h-13 items-center gap-2.5 px-4">
        <Logo />
        <OrganizationName {...props} />
        <button
          type="button"
          aria-label="Menu"
          aria-expanded={open()}
          onClick={() => setOpen(!open())}
          class="-mr-1 ml-auto rounded-md p-2 text-ink-2 hover:bg-hover md:hidden"
        >
          <Menu class="size-4" aria-hidden="true" />
        </button>
      </div>
      <div class="flex min-h-0 flex-1 flex-col" classList={{ 'max-md:hidden': !open() }}>
        <FindButton />
        <Places slug={props.organization.slug} />
        <WaitingInvitations viewer={props.viewer} />
        <footer class="mt-auto flex flex-col gap-2 border-t border-line p-3">
          <div class="flex items-center justify-between">
            <ThemeSwitch />
            <SignOutButton />
          </div>
          <p class="truncate px-1 text-xs text-ink-3" title={props.viewer.user?.email}>
            {props.viewer.user?.email}
          </p>
        </footer>
      </div>
    </aside>
  );
}

/** The way to everything, for those who do not know its keys yet. */
function FindButton() {
  return (
    <button
      type="button"
      onClick={openPalette}
      class="mx-2 mt-1 flex h-8 items-center gap-2 rounded-md border border-line bg-bg px-2 text-ink-2 hover:border-line-strong hover:text-ink max-md:h-10"
    >
      <Search class="size-4" aria-hidden="true" />
      Go to…
      <span class="ml-auto flex gap-1 max-md:hidden" aria-hidden="true">
        <Kbd>{/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'}</Kbd>
        <Kbd>K</Kbd>
      </span>
    </button>
  );
}

/** No slug can be this. */
const NEW = '+';

/** Other organisations that wait for an answer. */
function WaitingInvitations(props: { viewer: Viewer }) {
  return (
    <For each={props.viewer.invitations}>
      {(invitation) => (
        <A
          href={invitation.path}
          class="mx-2 mt-2 flex items-center gap-2.5 rounded-md bg-accent-soft px-2 py-1.5 text-accent-ink hover:underline"
        >
          <Mail class="size-4 shrink-0" aria-hidden="true" />
          <span class="min-w-0 wrap-anywhere">Join {invitation.organizationName}</span>
        </A>
      )}
    </For>
  );
}

function OrganizationName(props: SidebarProps) {
  const navigate = useNavigate();
  return (
    <Show
      when={props.viewer.organizations.length > 1 || props.viewer.canCreateOrganization}
      fallback={
        <span class="truncate font-semibold" title={props.organization.name}>
          {props.organization.name}
        </span>
      }
    >
      <Select
        label="Organization"
        class="min-w-0 flex-1"
        value={props.organization.slug}
        options={[
          ...props.viewer.organizations.map(({ slug, name }) => ({ value: slug, label: name })),
          ...(props.viewer.canCreateOrganization ? [{ value: NEW, label: 'New organization…' }] : []),
        ]}
        onChange={(slug) => navigate(slug === NEW ? '/welcome' : `/${slug}`)}
      />
    </Show>
  );
}

function Places(props: { slug: string }) {
  return (
    <nav aria-label="Main" class="flex flex-col gap-0.5 px-2 py-2">
      <For each={places}>
        {(place) => (
          <A
            href={`/${props.slug}${place.path}`}
            end={place.path === ''}
            activeClass="bg-accent-soft text-accent-ink"
            inactiveClass="text-ink-2 hover:bg-hover hover:text-ink"
            class="flex h-8 items-center gap-2.5 rounded-md px-2 font-medium max-md:h-10"
          >
            <Dynamic component={place.icon} class="size-4" aria-hidden="true" />
            {place.label}
          </A>
        )}
      </For>
    </nav>
  );
}
