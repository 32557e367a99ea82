import { A } from '@solidjs/router';
import Check from 'lucide-solid/icons/check';
import { For, Show } from 'solid-js';
import type { OverviewQuery } from '../../api/generated/graphql.ts';
import { useOrganization } from '../../api/session.tsx';
import { Panel } from '../../ui/page.tsx';

type Organization = NonNullable<OverviewQuery['organization']>;

/** The way to the first event; gone once it has been walked. */
export function Checklist(props: { overview: Organization }) {
  const organization = useOrganization();
  const apps = () => props.overview.apps.edges.map(({ node }) => node);
  const agents = () => props.overview.agents.edges.map(({ node }) => node);
  const beenHere = (side: { connection: { connected: boolean; lastConnectedAt: string | null } }): boolean =>
    side.connection.connected || side.connection.lastConnectedAt !== null;
  const steps = () => [
    {
      done: agents().length > 0,
      title: 'Register an agent',
      text: 'The service that answers. You get its token.',
      path: 'agents',
    },
    {
      done: agents().some(beenHere),
      title: 'Connect the agent',
      text: 'It opens a WebSocket to /v1/ws/agent with its token.',
      path: 'agents',
    },
    {
      done: apps().length > 0,
      title: 'Register an app',
      text: 'The service that asks. You get its token.',
      path: 'apps',
    },
    {
      done: apps().some(beenHere),
      title: 'Connect the app and send an event',
      text: 'It opens a WebSocket to /v1/ws/app, and the answer streams back on it.',
      path: 'apps',
    },
  ];
  return (
    <Show when={steps().some(({ done }) => !done)}>
      <Panel
        title="First steps"
        note={`${steps().filter(({ done }) => done).length} of ${steps().length} done`}
      >
        <ol class="divide-y divide-line">
          <For each={steps()}>
            {(step, index) => (
              <li class="relative flex min-h-12 items-center gap-3 px-4 py-2 hover:bg-hover">
                <span
                  class="grid size-6 shrink-0 place-items-center rounded-full border text-xs font-semibold"
                  classList={{
                    'border-ok bg-ok-soft text-ok': step.done,
                    'border-line-strong text-ink-3': !step.done,
                  }}
                >
                  <Show when={step.done} fallback={index() + 1}>
                    <Check class="size-3.5" aria-label="Done" />
                  </Show>
                </span>
                <span>
                  <A
                    href={`/${organization().slug}/${step.path}`}
                    class="font-medium after:absolute after:inset-0"
                    classList={{ 'text-ink-3 line-through': step.done }}
                  >
                    {step.title}
                  </A>
                  <span class="block text-xs text-ink-3">{step.text}</span>
                </span>
              </li>
            )}
          </For>
        </ol>
      </Panel>
    </Show>
  );
}
