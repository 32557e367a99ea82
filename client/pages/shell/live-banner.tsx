import WifiOff from 'lucide-solid/icons/wifi-off';
import type { JSX } from 'solid-js';
import { Match, Switch, createEffect, createSignal, on, onCleanup } from 'solid-js';
import { live } from '../../api/socket.ts';
import { retryStale, staleProblem } from '../../api/staleness.ts';

const PATIENCE_MS = 1_500;

/**
 * Says so when what is on screen no longer moves, or could not be read anew; a blink of the connection is not worth a word.
 * Only one of the two is said: a connection that comes back has everything read anew.
 */
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
      <Switch>
        <Match when={shown() && live() === 'lost'}>
          <Pill>Live updates are interrupted. Reconnecting…</Pill>
        </Match>
        <Match when={live() !== 'lost' && staleProblem()}>
          {(problem) => (
            <Pill>
              <span>This page may be out of date. {problem()}</span>
              <button type="button" onClick={retryStale} class="shrink-0 font-medium underline">
                Try again
              </button>
            </Pill>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function Pill(props: { children: JSX.Element }) {
  return (
    <p class="mx-auto flex w-fit max-w-[calc(100%-2rem)] items-center gap-2 rounded-2xl border border-line-strong bg-wait-soft px-3 py-1 text-wait shadow-pop">
      <WifiOff class="size-3.5 shrink-0" aria-hidden="true" />
      {props.children}
    </p>
  );
}
