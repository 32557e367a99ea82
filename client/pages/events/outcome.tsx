import { Match, Show, Switch, createMemo, createSignal } from 'solid-js';
import type { EventDetailFragment } from '../../api/generated/graphql.ts';
import { treeOf } from '../../format/json-tree.ts';
import { decodeLiteral } from '../../format/json.ts';
import { bytes } from '../../format/number.ts';
import type { Progress } from '../../live/progress.ts';
import { ErrorCode } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { DownloadButton } from '../../ui/download.tsx';
import { JsonTree } from '../../ui/json-tree.tsx';
import { JsonPanel, codeBox } from '../../ui/json.tsx';
import { Panel } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';

interface OutcomeProps {
  event: EventDetailFragment;
  progress: Progress;
}

/** The answer while it comes, the answer when it is there, or why there is none. */
export function Outcome(props: OutcomeProps) {
  return (
    <Switch>
      <Match when={props.event.reply}>
        {(reply) => <Reply raw={reply()} metadata={props.event.replyMetadata} file={props.event.eventId} />}
      </Match>
      <Match when={props.event.error}>
        {(error) => (
          <Failed error={error()} arrived={props.event.contentDeletedAt ? '' : props.progress.text} />
        )}
      </Match>
      <Match when={!props.event.contentDeletedAt}>
        <Coming attempts={props.event.attempts} progress={props.progress} />
      </Match>
    </Switch>
  );
}

interface FailedProps {
  error: NonNullable<EventDetailFragment['error']>;
  /** What there was of an answer; empty where there was none, or it must not be shown. */
  arrived: string;
}

function Failed(props: FailedProps) {
  return (
    <Panel title="Error">
      <div class="flex flex-col gap-1 px-4 py-3" role="alert">
        <p class="flex flex-wrap items-center gap-2">
          <ErrorCode code={props.error.code} />
          <span class="text-xs text-ink-3">
            {props.error.retryable ? 'The app may send it again.' : 'Sending it again would not help.'}
          </span>
        </p>
        <p class="break-words whitespace-pre-wrap">{props.error.message}</p>
      </div>
      <Show when={props.arrived}>
        <p class="border-t border-line px-4 pt-3 text-xs text-ink-3">What had arrived until then:</p>
        <pre class={codeBox}>{props.arrived}</pre>
      </Show>
    </Panel>
  );
}

function Coming(props: { attempts: number; progress: Progress }) {
  return (
    <Panel title="Reply" note={props.progress.attempt > 1 ? `attempt ${props.progress.attempt}` : undefined}>
      <div class="min-h-24" aria-busy="true">
        <Show
          when={props.progress.text}
          fallback={
            <p class="animate-breathe px-4 py-3 text-ink-2">
              {props.attempts > 0
                ? 'The agent has the event. Waiting for its first words…'
                : 'Waiting for the agent…'}
            </p>
          }
        >
          <pre class={codeBox} data-testid="stream">
            {props.progress.text}
            <span class="ml-px inline-block h-3.5 w-1.5 animate-breathe bg-accent align-text-bottom" />
          </pre>
        </Show>
      </div>
    </Panel>
  );
}

interface ReplyProps {
  raw: string;
  metadata: string | null;
  file: string;
}

/** The answer as text; as a tree when that text is JSON itself; and as the literal it was sent as. */
function Reply(props: ReplyProps) {
  const [view, setView] = createSignal('text');
  const text = createMemo(() => decodeLiteral(props.raw));
  const tree = createMemo(() => (/^\s*[{[]/.test(text()) ? treeOf(text()) : undefined));
  const shown = () => (view() === 'raw' ? props.raw : text());
  return (
    <>
      <Panel
        title="Reply"
        note={bytes(new TextEncoder().encode(props.raw).length)}
        actions={
          <span class="flex items-center gap-2">
            <Segmented
              label="How to show the reply"
              value={view()}
              onChange={setView}
              options={[
                { value: 'text', label: 'Text' },
                ...(tree() ? [{ value: 'tree', label: 'Tree' }] : []),
                { value: 'raw', label: 'Raw' },
              ]}
            />
            <CopyButton text={shown()} what={view() === 'raw' ? 'raw reply' : 'reply'} labelled />
            <DownloadButton
              text={shown()}
              what="reply"
              file={`${props.file}-reply.${view() === 'raw' || tree() ? 'json' : 'txt'}`}
              type="text/plain;charset=utf-8"
            />
          </span>
        }
      >
        <Show
          when={view() === 'tree' && tree()}
          fallback={
            <pre class={codeBox} data-testid="reply" tabindex="0">
              {shown()}
            </pre>
          }
        >
          {(node) => <JsonTree node={node()} label="Reply" />}
        </Show>
      </Panel>
      <Show when={props.metadata}>
        {(metadata) => (
          <JsonPanel title="Reply metadata" raw={metadata()} file={`${props.file}-reply-metadata`} />
        )}
      </Show>
    </>
  );
}
