import SendHorizontal from 'lucide-solid/icons/send-horizontal';
import { Show, createSignal } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { isJsonObject } from '../../format/json.ts';
import { Button } from '../../ui/button.tsx';
import { inputLook } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Notice } from '../../ui/states.tsx';

type Mode = 'text' | 'json';

const EXAMPLE = '{\n  "text": ""\n}';

interface ComposerProps {
  /** Why nothing can be sent now. */
  blocked: string | undefined;
  /** Sends a payload, JSON text; after a failure what was written is there again. */
  onSend: (payload: string) => Promise<Failure | undefined>;
}

/** A message to an agent: words, which go out as `{"text": …}`, or a payload of one's own. */
export function Composer(props: ComposerProps) {
  const [mode, setMode] = createSignal<Mode>('text');
  const [text, setText] = createSignal('');
  const [json, setJson] = createSignal(EXAMPLE);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const problem = () =>
    mode() === 'json' && !isJsonObject(json()) ? 'The payload has to be a JSON object.' : undefined;
  const empty = () => mode() === 'text' && text().trim() === '';
  const send = async (): Promise<void> => {
    if (busy() || props.blocked || problem() || empty()) return;
    setBusy(true);
    const written = text();
    const payload = mode() === 'text' ? JSON.stringify({ text: written }) : json().trim();
    // It is said already, as far as the writer can see; what is refused comes back unless there is something new.
    if (mode() === 'text') setText('');
    const refused = await props.onSend(payload);
    setBusy(false);
    setFailure(refused);
    if (refused && text() === '') setText(written);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing) return;
    // In JSON a new line is part of writing.
    const asked = mode() === 'text' ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!asked) return;
    event.preventDefault();
    void send();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      class="flex flex-col gap-2 border-t border-line p-3"
    >
      <Show when={failure()}>{(refused) => <Notice tone="bad">{refused().message}</Notice>}</Show>
      <textarea
        aria-label={mode() === 'text' ? 'Message' : 'Payload'}
        aria-invalid={problem() ? true : undefined}
        rows={mode() === 'text' ? 2 : 6}
        spellcheck={mode() === 'text'}
        placeholder={mode() === 'text' ? 'Say something to the agent…' : undefined}
        value={mode() === 'text' ? text() : json()}
        onInput={(event) => (mode() === 'text' ? setText : setJson)(event.currentTarget.value)}
        onKeyDown={press}
        class={`${inputLook} resize-y py-1.5`}
        classList={{ 'font-mono text-xs/5': mode() === 'json' }}
      />
      <div class="flex flex-wrap items-center gap-3">
        <Segmented
          label="What to send"
          value={mode()}
          onChange={(value) => setMode(value as Mode)}
          options={[
            { value: 'text', label: 'Text' },
            { value: 'json', label: 'JSON' },
          ]}
        />
        <span class="text-xs" classList={{ 'text-bad': problem() !== undefined, 'text-ink-3': !problem() }}>
          {problem() ??
            (mode() === 'text' ? 'Enter sends it as {"text": "…"}' : 'Ctrl + Enter sends it as it stands')}
        </span>
        <span class="ml-auto">
          <Button type="submit" variant="primary" busy={busy()} disabledReason={props.blocked}>
            <SendHorizontal class="size-3.5" aria-hidden="true" />
            Send
          </Button>
        </span>
      </div>
    </form>
  );
}
