import CircleCheck from 'lucide-solid/icons/circle-check';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';

interface Toast {
  id: number;
  tone: 'ok' | 'bad';
  text: string;
}

const SHOWN_MS = 5_000;
/** What went wrong is read more slowly. */
const SHOWN_BAD_MS = 10_000;
const MOST = 3;

const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
let last = 0;

const drop = (id: number): void => void setToasts((all) => all.filter((toast) => toast.id !== id));

/** Says in passing that something was done, or was not. For what needs an answer, use a dialog. */
export function toast(text: string, tone: Toast['tone'] = 'ok'): void {
  const id = (last += 1);
  setToasts((all) => [...all.slice(1 - MOST), { id, tone, text }]);
  setTimeout(() => drop(id), tone === 'bad' ? SHOWN_BAD_MS : SHOWN_MS);
}

/** Where toasts appear; once in a page. */
export function Toasts() {
  return (
    <div
      role="status"
      class="pointer-events-none fixed right-4 bottom-4 z-60 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2"
    >
      <For each={toasts()}>
        {(shown) => (
          <div class="pointer-events-auto flex animate-appear items-start gap-2.5 rounded-lg border border-line-strong bg-panel px-3 py-2.5 shadow-pop">
            <Show
              when={shown.tone === 'ok'}
              fallback={<TriangleAlert class="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />}
            >
              <CircleCheck class="mt-0.5 size-4 shrink-0 text-ok" aria-hidden="true" />
            </Show>
            <p class="min-w-0 flex-1 wrap-anywhere">{shown.text}</p>
            <button
              type="button"
              aria-label="Dismiss"
              onClick={() => drop(shown.id)}
              class="-mr-1 rounded p-0.5 text-ink-3 hover:bg-hover hover:text-ink"
            >
              <X class="size-3.5" aria-hidden="true" />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
