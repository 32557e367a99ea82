import SendHorizontal from 'lucide-solid/icons/send-horizontal';
import type { Failure } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { inputLook } from '../../ui/field.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { Mode } from './writing.ts';
import { createWriting } from './writing.ts';

interface ComposerProps {
  /** Why nothing can be sent now. */
  blocked: string | undefined;
  /** Sends a payload, JSON text; after a failure what was written is there again. */
  onSend: (payload: string) => Promise<Failure | undefined>;
}

/** A message to an agent: words, which go out as `{"text": …}`, or a payload of one's own. */
export function Composer(props: ComposerProps) {
  const writing = createWriting(
    () => props.blocked,
    (payload) => props.onSend(payload),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void writing.send();
      }}
      class="flex flex-col gap-2 border-t border-line p-3"
    >
      <Refused failure={writing.failure()} />
      <Message writing={writing} />
      <div class="flex flex-wrap items-center gap-3">
        <Segmented
          label="What to send"
          value={writing.mode()}
          onChange={(value) => writing.setMode(value as Mode)}
          options={[
            { value: 'text', label: 'Text' },
            { value: 'json', label: 'JSON' },
          ]}
        />
        <Remark mode={writing.mode()} problem={writing.problem()} />
        <span class="ml-auto">
          <Button type="submit" variant="primary" busy={writing.busy()} disabledReason={props.blocked}>
            <SendHorizontal class="size-3.5" aria-hidden="true" />
            Send
          </Button>
        </span>
      </div>
    </form>
  );
}

function Message(props: { writing: ReturnType<typeof createWriting> }) {
  const text = () => props.writing.mode() === 'text';
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing) return;
    // In JSON a new line is part of writing.
    const asked = text() ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!asked) return;
    event.preventDefault();
    void props.writing.send();
  };
  return (
    <textarea
      aria-label={text() ? 'Message' : 'Payload'}
      aria-invalid={props.writing.problem() ? true : undefined}
      rows={text() ? 2 : 6}
      spellcheck={text()}
      placeholder={text() ? 'Say something to the agent…' : undefined}
      value={props.writing.written()}
      onInput={(event) => props.writing.write(event.currentTarget.value)}
      onKeyDown={press}
      class={`${inputLook} resize-y py-1.5`}
      classList={{ 'font-mono text-xs/5': !text() }}
    />
  );
}

/** How the message goes out, or why it cannot. */
function Remark(props: { mode: Mode; problem: string | undefined }) {
  return (
    <span
      class="text-xs"
      classList={{ 'text-bad': props.problem !== undefined, 'text-ink-3': !props.problem }}
    >
      {props.problem ??
        (props.mode === 'text' ? 'Enter sends it as {"text": "…"}' : 'Ctrl + Enter sends it as it stands')}
    </span>
  );
}
