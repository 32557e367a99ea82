import type { RouteSectionProps } from '@solidjs/router';
import { useLocation, useParams } from '@solidjs/router';
import { Show, Suspense, createEffect, createMemo, on } from 'solid-js';
import { ConnectionChangedDocument } from '../../api/generated/graphql.ts';
import type { ViewerOrganization } from '../../api/session.tsx';
import { OrganizationProvider } from '../../api/session.tsx';
import { createSubscription } from '../../api/subscription.ts';
import { catchFocus } from '../../ui/focus.ts';
import NotFound from '../not-found/not-found.tsx';
import { Boundary } from './boundary.tsx';
import type { Viewer } from './gate.tsx';
import { Gate } from './gate.tsx';
import { LiveBanner } from './live-banner.tsx';
import { PaletteHost } from './palette-host.tsx';
import { Sidebar } from './sidebar.tsx';

/** What surrounds every page of an organisation. */
export function Shell(props: RouteSectionProps) {
  const params = useParams();
  return (
    <Gate>
      {(viewer) => {
        const organization = createMemo(() => viewer().organizations.find(({ slug }) => slug === params.org));
        return (
          <Show when={organization()} fallback={<NotFound />}>
            {(found) => (
              <Frame viewer={viewer()} organization={found()}>
                {props.children}
              </Frame>
            )}
          </Show>
        );
      }}
    </Gate>
  );
}

function Frame(props: {
  viewer: Viewer;
  organization: ViewerOrganization;
  children: RouteSectionProps['children'];
}) {
  // One subscription feeds the cache with every badge; pages only read.
  createSubscription(ConnectionChangedDocument, () => ({ organizationId: props.organization.id }), {
    through: 'cache',
  });
  const location = useLocation();
  // What led to another page is often part of the one that has gone.
  createEffect(
    on(
      () => location.pathname,
      () => catchFocus(),
      { defer: true },
    ),
  );
  let main: HTMLElement | undefined;
  const skip = (event: MouseEvent): void => {
    // The router would take the address for a page to go to.
    event.preventDefault();
    main?.focus();
  };
  return (
    <OrganizationProvider organization={props.organization}>
      <a
        href="#content"
        onClick={skip}
        class="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-1.5 focus:text-on-accent"
      >
        Skip to content
      </a>
      <div class="flex min-h-screen max-md:flex-col">
        <Sidebar viewer={props.viewer} organization={props.organization} />
        <main ref={main} id="content" tabindex="-1" class="min-w-0 flex-1 -outline-offset-2">
          <LiveBanner />
          <Boundary>
            <Suspense>{props.children}</Suspense>
          </Boundary>
        </main>
      </div>
      <PaletteHost />
    </OrganizationProvider>
  );
}
