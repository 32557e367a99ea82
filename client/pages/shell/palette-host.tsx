import type { Component } from 'solid-js';
import { Show, createEffect, createSignal, onCleanup, onMount } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { live } from '../../api/socket.ts';
import { toast } from '../../ui/toast.tsx';
import { Boundary } from './boundary.tsx';
import type { PaletteProps } from './palette.tsx';

/** Its code is fetched this long after a page has become live, when all that the page itself needs is there. */
const FETCH_AFTER_MS = 3_000;

const [open, setOpen] = createSignal(false);
/** What was typed, and whether Enter came after it, while its code was still on its way. */
const [early, setEarly] = createSignal({ typed: '', entered: false });
const [Palette, setPalette] = createSignal<Component<PaletteProps>>();

async function fetchPalette(): Promise<void> {
  if (Palette()) return;
  try {
    const { default: fetched } = await import('./palette.tsx');
    setPalette(() => fetched);
  } catch {
    if (open())
      toast('This could not be loaded. Check that the server is running and load the page anew.', 'bad');
    setOpen(false);
  }
}

export function openPalette(): void {
  setEarly({ typed: '', entered: false });
  setOpen(true);
  void fetchPalette();
}

/** Keys that come before there is anything to take them belong to what will be there. */
function keep(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { typed } = early();
  if (event.key === 'Escape') setOpen(false);
  else if (event.key === 'Enter') setEarly({ typed, entered: true });
  else if (event.key === 'Backspace') setEarly({ typed: typed.slice(0, -1), entered: false });
  else if (event.key.length === 1) setEarly({ typed: typed + event.key, entered: false });
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Listens for Ctrl+K (⌘ K) on every page. */
export function PaletteHost() {
  const press = (event: KeyboardEvent): void => {
    if (
      event.key.toLowerCase() !== 'k' ||
      !(event.ctrlKey || event.metaKey) ||
      event.shiftKey ||
      event.altKey
    ) {
      if (open() && !Palette()) keep(event);
      return;
    }
    event.preventDefault();
    if (open()) setOpen(false);
    // Another dialog may hold something that must not be lost.
    else if (!document.querySelector('[role=dialog]')) openPalette();
  };
  createEffect(() => {
    if (live() !== 'live') return;
    const timer = setTimeout(() => void fetchPalette(), FETCH_AFTER_MS);
    onCleanup(() => clearTimeout(timer));
  });
  onMount(() => {
    addEventListener('keydown', press, { capture: true });
    onCleanup(() => {
      removeEventListener('keydown', press, { capture: true });
      setOpen(false);
    });
  });
  return (
    <Show when={Palette()}>
      <Boundary>
        <Dynamic component={Palette()} open={open()} early={early()} onClose={() => setOpen(false)} />
      </Boundary>
    </Show>
  );
}
