import type { Accessor } from 'solid-js';
import { createSignal, onCleanup } from 'solid-js';

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): Accessor<boolean> {
  const media = matchMedia(query);
  const [holds, setHolds] = createSignal(media.matches);
  const change = (): void => void setHolds(media.matches);
  media.addEventListener('change', change);
  onCleanup(() => media.removeEventListener('change', change));
  return holds;
}
