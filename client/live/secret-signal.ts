import type { Accessor } from 'solid-js';
import { createSignal, onCleanup } from 'solid-js';

/**
 * Holds something with a token for as long as it is shown. Dropping the reference alone would not do: browsers keep
 * the element that was focused last, with its handlers and all they can reach, so the token itself is overwritten.
 */
export function createSecretSignal<Held extends { token: string }>(): {
  held: Accessor<Held | undefined>;
  hold: (value: Held | undefined) => void;
  wipe: () => void;
} {
  const [held, setHeld] = createSignal<Held>();
  const wipe = (): void => {
    const value = held();
    setHeld(undefined);
    if (value) value.token = '';
  };
  onCleanup(wipe);
  return { held, hold: (value) => void setHeld(() => value), wipe };
}
