import { A } from '@solidjs/router';
import Check from 'lucide-solid/icons/check';
import { For, Show } from 'solid-js';
import type { OverviewQuery } from '../../api/generated/graphql.ts';
import { EventChangedDocument } from '../../api/generated/graphql.ts';
import { useOrganization } from '../../api/session.tsx';
import { createSubscription } from '../../api/subscription.ts';
import { Panel } from '../../ui/page.tsx';

type Organization = NonNullable<OverviewQuery['organization']>;

function stepsOf({ apps, agents, events }: Organization) {
  const beenHere = ({ node: { connection } }: Organization['apps' | 'agents']['edges'][number]): boolean =>
    connection.connected || connection.lastConnectedAt !== null;
  return [
    {
      done: agents.edges.length > 0,
      title: 'Register an agent',
      text: 'The service that answers. Its token is shown once: copy it.',
      path: 'agents',
    },
    {
      done: agents.edges.some(beenHere),
      title: 'Connect the agent',
      text: 'It opens a WebSocket to /v1/ws/agent with its token.',
      path: 'agents',
    },
    {
      done: apps.edges.length > 0,
      title: 'Register an app',
      text: 'The service that asks. Its token is shown once: copy it.',
      path: 'apps',
    },
    {
      done: apps.edges.some(beenHere),
      title: 'Connect the app',
      text: 'It opens a WebSocket to /v1/ws/app with its token.',
      path: 'apps',
    },
    {
      done: events.edges.length > 0,
      title: 'Send the first event',
      text: 'From the app, or from the console. The answer streams back.',
      path: 'console',
    },
  ];
}

/** The way to the first event; gone once it has been walked. */
export function Checklist(props: { overview: Organization; onProgress: () => void }) {
  const organization = useOrganization();
  const steps = () => stepsOf(props.overview);
  const walked = () => steps().every(({ done }) => done);
  // Who comes and goes is followed by the page; of the first event it has to be told, and of no other.
  createSubscription(
    EventChangedDocument,
    () =>
      props.overview.events.edges.length > 0 ? undefined : { organizationId: organization().id, filter: {} },
    { message: ({ eventChanged }) => void (eventChanged.event && props.onProgress()) },
  );
  return (
    <Show when={!walked()}>
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
