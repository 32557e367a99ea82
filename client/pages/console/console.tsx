import { Match, Switch } from 'solid-js';
import { problemText } from '../../api/problem.ts';
import { useReadOnlyReason } from '../../api/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Problem, SkeletonRows } from '../../ui/states.tsx';
import { createConversation, useConversationPlace } from './conversation.ts';
import { createParties } from './parties.ts';
import { PartyBar } from './party-bar.tsx';
import { Talk } from './talk.tsx';

/** Talks to an agent in an app's name. The conversation is one thread, and its address can be come back to. */
export default function Console() {
  const readOnly = useReadOnlyReason();
  const place = useConversationPlace();
  const parties = createParties(place.query);
  const conversation = createConversation(place, parties.agent, parties.app);
  const blocked = () => {
    if (readOnly()) return readOnly();
    if (!parties.known()) return 'Agents and apps are not loaded yet.';
    if (!parties.agent()) return 'Register an agent first.';
    return parties.app() ? undefined : 'Register an app first.';
  };
  return (
    <Page
      title="Console"
      actions={
        <Button
          disabledReason={conversation.turns().length === 0 ? 'This thread is new.' : undefined}
          onClick={() => conversation.begin({})}
        >
          New thread
        </Button>
      }
    >
      <Switch>
        <Match when={parties.choices.data}>
          <PartyBar parties={parties} asked={place.query} onChoose={conversation.begin} />
          <Talk parties={parties} conversation={conversation} blocked={blocked()} />
        </Match>
        <Match when={parties.choices.loading}>
          <Panel>
            <SkeletonRows rows={8} />
          </Panel>
        </Match>
        <Match when={parties.choices.error}>
          {(error) => (
            <Panel>
              <Problem onRetry={() => parties.choices.refetch()}>{problemText(error())}</Problem>
            </Panel>
          )}
        </Match>
      </Switch>
    </Page>
  );
}
