import { agentSnippets } from './agent-snippets.ts';
import { QuickStart } from './quick-start.tsx';

export default function AgentQuickStart(props: { agentId: string }) {
  const target = () => ({ origin: location.origin, agentId: props.agentId });
  return (
    <QuickStart kind="agent" slug={props.agentId} snippets={agentSnippets(target())}>
      <p class="text-xs text-ink-3">
        “Send test event” at the top of this page gives it something to answer, with no app needed to run.
      </p>
    </QuickStart>
  );
}
