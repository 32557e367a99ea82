import { exactly, minuteUtc } from '../../format/time.ts';
import { ActiveBadge } from '../../ui/badge.tsx';
import { Id } from '../../ui/copy.tsx';
import { Fact, Facts, Panel } from '../../ui/page.tsx';
import type { AgentFound } from './agent-body.tsx';

export function AgentConfiguration(props: { agent: AgentFound }) {
  return (
    <Panel title="Configuration">
      <Facts>
        <Fact name="Agent ID" note="URL-safe identifier">
          <Id text={props.agent.agentId} what="Agent ID" />
        </Fact>
        <Fact name="Organization">{props.agent.organization.name}</Fact>
        <Fact name="Created">{minuteUtc(props.agent.createdAt)}</Fact>
        <Fact name="Status" note="Whether the agent can connect">
          <ActiveBadge active={props.agent.active} />
        </Fact>
        <Fact name="Timeout" note="Without a word about an event">
          {exactly(props.agent.timeoutSeconds)}
        </Fact>
        <Fact name="Longest answer" note="For one event in all">
          {exactly(props.agent.maxSeconds)}
        </Fact>
        <Fact name="Offline wait" note="Until a waiting event fails">
          {exactly(props.agent.queueSeconds)}
        </Fact>
        <Fact name="Events at once" note="For each connection">
          {props.agent.maxInFlight}
        </Fact>
      </Facts>
    </Panel>
  );
}
