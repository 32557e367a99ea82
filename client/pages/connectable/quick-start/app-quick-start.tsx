import { Show } from 'solid-js';
import { appSnippets } from './app-snippets.ts';
import { QuickStart } from './quick-start.tsx';

interface AppQuickStartProps {
  appId: string;
  /** The first agent in reach; absent while there is none. */
  agentId: string | undefined;
}

export default function AppQuickStart(props: AppQuickStartProps) {
  const target = () => ({
    origin: location.origin,
    appId: props.appId,
    agentId: props.agentId ?? 'athena',
  });
  return (
    <QuickStart kind="app" slug={props.appId} snippets={appSnippets(target())}>
      <Show when={!props.agentId}>
        <p class="text-xs text-wait">
          No agent is in reach of this app yet, so “athena” stands for one: register an agent, or let this app
          through.
        </p>
      </Show>
    </QuickStart>
  );
}
