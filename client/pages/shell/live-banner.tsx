import WifiOff from 'lucide-solid/icons/wifi-off';
import { Show, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { live } from '../../api/socket.ts';

const PATIENCE_MS = 1_500;

/** Says so when what is on screen no longer moves; a blink of the connection is not worth a word. */
export function LiveBanner() {
  const [shown, setShown] = createSignal(false);
  createEffect(
    on(live, (state) => {
      if (state !== 'lost') return void setShown(false);
      const timer = setTimeout(() => setShown(true), PATIENCE_MS);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return (
    <div role="status" class="sticky top-3 z-30 h-0">
      <Show when={shown() && live() === 'lost'}>
        <p class="mx-auto flex w-fit items-center gap-2 rounded-full border border-line-strong bg-wait-soft px-3 py-1 text-wait shadow-pop">
          <WifiOff class="size-3.5" aria-hidden="true" />
          Live updates are interrupted. Reconnecting…
        </p>
      </Show>
    </div>
  );
}
