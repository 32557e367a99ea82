import type { RouteSectionProps } from '@solidjs/router';
import { useParams } from '@solidjs/router';
import { Show, Suspense, createMemo } from 'solid-js';
import { ConnectionChangedDocument } from '../../api/generated/graphql.ts';
import type { ViewerOrganization } from '../../api/session.tsx';
import { OrganizationProvider } from '../../api/session.tsx';
import { createSubscription } from '../../api/subscription.ts';
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
  return (
    <OrganizationProvider organization={props.organization}>
      <a
        href="#content"
        class="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-1.5 focus:text-on-accent"
      >
        Skip to content
      </a>
      <div class="flex min-h-screen max-md:flex-col">
        <Sidebar viewer={props.viewer} organization={props.organization} />
        <main id="content" tabindex="-1" class="min-w-0 flex-1 outline-none">
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
