import { Show, Suspense, createSignal, lazy, onCleanup, onMount } from 'solid-js';
import { Boundary } from './boundary.tsx';

const Palette = lazy(() => import('./palette.tsx'));

const [open, setOpen] = createSignal(false);
/** Its code is fetched when it is first asked for, and kept. */
const [used, setUsed] = createSignal(false);

export function openPalette(): void {
  setUsed(true);
  setOpen(true);
}

/** Listens for Ctrl+K (⌘ K) on every page. */
export function PaletteHost() {
  const press = (event: KeyboardEvent): void => {
    if (
      event.key.toLowerCase() !== 'k' ||
      !(event.ctrlKey || event.metaKey) ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    if (open()) setOpen(false);
    // Another dialog may hold something that must not be lost.
    else if (!document.querySelector('[role=dialog]')) openPalette();
  };
  onMount(() => {
    addEventListener('keydown', press);
    onCleanup(() => {
      removeEventListener('keydown', press);
      setOpen(false);
    });
  });
  return (
    <Show when={used()}>
      <Boundary>
        <Suspense>
          <Palette open={open()} onClose={() => setOpen(false)} />
        </Suspense>
      </Boundary>
    </Show>
  );
}
