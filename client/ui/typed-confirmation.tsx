import { TextField } from './field.tsx';

interface TypedConfirmationProps {
  /** What has to be typed. */
  expected: string;
  /** What that is, as in "the event ID". */
  what: string;
  typed: string;
  onInput: (typed: string) => void;
}

/** For what cannot be undone: one has to type what it is about, so that it is not done to something else by habit. */
export function TypedConfirmation(props: TypedConfirmationProps) {
  return (
    <TextField
      label={`Type ${props.what} to confirm`}
      description={<code class="font-mono select-all">{props.expected}</code>}
      mono
      autofocus
      value={props.typed}
      onInput={(typed) => props.onInput(typed.trim())}
    />
  );
}
