import type { JSX } from 'solid-js';
import { Show, createUniqueId, onMount, splitProps } from 'solid-js';

export const inputLook =
  'w-full rounded-md border border-line-strong bg-panel px-2.5 text-sm text-ink outline-offset-0 aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-3';

interface FieldProps {
  label: string;
  /** Always there, under the label. */
  description?: JSX.Element;
  /** A remark on what was typed that does not stand in the way. */
  hint?: JSX.Element;
  error?: JSX.Element;
  children: (ids: { id: string; describedBy: string; invalid: true | undefined }) => JSX.Element;
}

/** A label, its control, and what there is to say about it. */
export function Field(props: FieldProps) {
  const id = createUniqueId();
  return (
    <div class="flex flex-col gap-1">
      <label for={id} class="font-medium">
        {props.label}
      </label>
      <Show when={props.description}>
        <p id={`${id}-description`} class="text-xs text-ink-3">
          {props.description}
        </p>
      </Show>
      {props.children({
        id,
        describedBy: `${id}-description ${id}-remark`,
        get invalid() {
          return props.error ? (true as const) : undefined;
        },
      })}
      <div id={`${id}-remark`} aria-live="polite" class="text-xs">
        <Show
          when={props.error}
          fallback={<Show when={props.hint}>{(hint) => <p class="text-wait">{hint()}</p>}</Show>}
        >
          {(error) => <p class="text-bad">{error()}</p>}
        </Show>
      </div>
    </div>
  );
}

interface TextFieldProps extends Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'onInput' | 'value'> {
  label: string;
  value: string;
  onInput: (value: string) => void;
  description?: JSX.Element;
  hint?: JSX.Element;
  error?: JSX.Element;
  mono?: boolean;
}

export function TextField(props: TextFieldProps) {
  const [own, rest] = splitProps(props, [
    'label',
    'value',
    'onInput',
    'description',
    'hint',
    'error',
    'mono',
    'class',
  ]);
  let input: HTMLInputElement | undefined;
  // The attribute works for the first element of a page's life only; a dialog sees to its own.
  onMount(() => {
    if (rest.autofocus && !input?.closest('[role=dialog]')) input?.focus();
  });
  return (
    <Field label={own.label} description={own.description} hint={own.hint} error={own.error}>
      {(ids) => (
        <input
          autocomplete="off"
          spellcheck={false}
          {...rest}
          ref={input}
          id={ids.id}
          aria-describedby={ids.describedBy}
          aria-invalid={ids.invalid}
          value={own.value}
          onInput={(event) => own.onInput(event.currentTarget.value)}
          class={`${inputLook} h-8 ${own.class ?? ''}`}
          classList={{ 'font-mono': own.mono ?? false }}
        />
      )}
    </Field>
  );
}

interface TextAreaFieldProps extends Pick<FieldProps, 'label' | 'description' | 'error'> {
  rows: number;
  value: string;
  onInput: (value: string) => void;
  mono?: boolean;
}

export function TextAreaField(props: TextAreaFieldProps) {
  return (
    <Field label={props.label} description={props.description} error={props.error}>
      {(ids) => (
        <textarea
          id={ids.id}
          aria-describedby={ids.describedBy}
          aria-invalid={ids.invalid}
          rows={props.rows}
          spellcheck={props.mono ? false : undefined}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          class={`${inputLook} py-1.5`}
          classList={{ 'font-mono text-xs/5': props.mono ?? false }}
        />
      )}
    </Field>
  );
}
