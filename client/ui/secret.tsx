import type { JSX } from 'solid-js';
import { Show, createSignal, onMount } from 'solid-js';
import { Button } from './button.tsx';
import { CopyButton } from './copy.tsx';
import { DialogActions } from './dialog.tsx';
import { Notice } from './states.tsx';

function SecretLine(props: { label: string; what: string; text: string; testId: string }) {
  return (
    <div class="flex flex-col gap-1">
      <div class="flex items-end justify-between">
        <span class="font-medium">{props.label}</span>
        <CopyButton text={props.text} what={props.what} labelled />
      </div>
      <code
        data-testid={props.testId}
        class="block rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs/5 break-all select-all"
      >
        {props.text}
      </code>
    </div>
  );
}

interface SecretProps {
  secret: string;
  /** Name of the environment variable in the `.env` line. */
  variable: string;
  what: string;
  children?: JSX.Element;
  onStored: () => void;
}

/** A secret, shown the only time there is. The caller drops it in `onStored`. */
export function Secret(props: SecretProps) {
  const [confirmed, setConfirmed] = createSignal(false);
  let root: HTMLDivElement | undefined;
  // It takes the place of the form that had the focus; copying is what comes next.
  onMount(() => root?.querySelector('button')?.focus());
  return (
    <div ref={root} class="flex flex-col gap-4">
      <Notice tone="wait">
        This {props.what} is shown exactly once. Relay keeps only a hash of it, so store it now.
      </Notice>
      <SecretLine
        label={props.what === 'key' ? 'Key' : 'Token'}
        what={props.what}
        text={props.secret}
        testId="secret"
      />
      <SecretLine
        label=".env line"
        what=".env line"
        text={`${props.variable}=${props.secret}`}
        testId="env-line"
      />
      <p class="text-xs text-ink-3">
        Keep it in an environment variable or a secrets manager, never in version control.
      </p>
      <Show when={props.children}>{props.children}</Show>
      <label class="flex items-center gap-2">
        <input
          type="checkbox"
          class="size-4 accent-accent"
          checked={confirmed()}
          onChange={(event) => setConfirmed(event.currentTarget.checked)}
        />
        I have stored it
      </label>
      <DialogActions>
        <Button
          variant="primary"
          disabledReason={confirmed() ? undefined : `Confirm that you have stored the ${props.what} first.`}
          onClick={() => props.onStored()}
        >
          Done
        </Button>
      </DialogActions>
    </div>
  );
}
