import { Dialog as Kobalte } from '@kobalte/core/dialog';
import { useBeforeLeave } from '@solidjs/router';
import X from 'lucide-solid/icons/x';
import type { JSX } from 'solid-js';
import { Show, createComputed, createContext, createEffect, on, onCleanup, useContext } from 'solid-js';
import { Button } from './button.tsx';
import { giveBack, trailOf } from './focus.ts';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: JSX.Element;
  /** Holds something that cannot be got back, or is about to: only its own button closes it, and leaving is asked about. */
  guarded?: boolean;
  /** What it does is under way: it stays until somebody has seen what came of it. */
  busy?: boolean;
  wide?: boolean;
  /** Without a visible title and margins: its first control is all the heading it needs. */
  bare?: boolean;
  children: JSX.Element;
}

/** Where work begins: the field that asks for it, else the first control below the title. */
const firstControl = (body: HTMLElement): HTMLElement | null =>
  body.querySelector<HTMLElement>('[autofocus]') ??
  body.querySelector<HTMLElement>('input, select, textarea, button, a[href]');

const Close = createContext<() => void>();

/** A modal dialog; focus goes in, stays, and returns to where it was. */
export function Dialog(props: DialogProps) {
  let body: HTMLDivElement | undefined;
  let opener: Element[] = [];
  // Read before anything of the dialog is there to take the focus.
  createComputed(
    on(
      () => props.open,
      (open) => {
        if (open) opener = trailOf(document.activeElement);
      },
    ),
  );
  const enter = (event: Event): void => {
    const first = body && firstControl(body);
    if (!first) return;
    event.preventDefault();
    first.focus();
  };
  const leave = (event: Event): void => {
    event.preventDefault();
    // What the dialog did may have taken its opener off the page.
    giveBack(opener);
  };
  const stays = (): boolean => props.open && (props.guarded === true || props.busy === true);
  // The page stays with it, so that the answer finds who asked.
  useBeforeLeave((leaving) => {
    if (stays()) leaving.preventDefault();
  });
  createEffect(() => {
    if (!props.open || !props.guarded) return;
    const ask = (event: Event): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    onCleanup(() => removeEventListener('beforeunload', ask));
  });
  const keep = (event: Event): void => {
    if (stays()) event.preventDefault();
  };
  const close = (): void => {
    if (!stays()) props.onClose();
  };
  return (
    <Kobalte preventScroll={false} open={props.open} onOpenChange={(open) => !open && close()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class="fixed inset-0 z-40 bg-veil" />
        <div class="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto overscroll-contain p-4 pt-[10vh] max-sm:pt-4">
          <Kobalte.Content
            onOpenAutoFocus={enter}
            onCloseAutoFocus={leave}
            onEscapeKeyDown={keep}
            onPointerDownOutside={keep}
            onInteractOutside={keep}
            class="w-full animate-appear rounded-xl border border-line bg-panel shadow-pop"
            classList={{
              'max-w-2xl': props.wide,
              'max-w-xl': props.bare,
              'max-w-md': !props.wide && !props.bare,
            }}
          >
            <header class="flex items-start gap-3 px-5 pt-4" classList={{ 'sr-only': props.bare }}>
              <div class="min-w-0 flex-1 wrap-anywhere">
                <Kobalte.Title class="text-base font-semibold">{props.title}</Kobalte.Title>
                <Show when={props.description}>
                  <Kobalte.Description class="mt-0.5 text-ink-2">{props.description}</Kobalte.Description>
                </Show>
              </div>
              <Show when={(!props.guarded || props.busy) && !props.bare}>
                <Kobalte.CloseButton
                  aria-label="Close"
                  class="-mr-1.5 rounded-md p-1 text-ink-3 hover:bg-hover hover:text-ink"
                >
                  <X class="size-4" aria-hidden="true" />
                </Kobalte.CloseButton>
              </Show>
            </header>
            <div ref={body} class="wrap-anywhere" classList={{ 'px-5 pt-4 pb-5': !props.bare }}>
              <Close.Provider value={close}>{props.children}</Close.Provider>
            </div>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  );
}

/** The buttons at a dialog's foot. */
export function DialogActions(props: { children: JSX.Element }) {
  return <div class="mt-5 flex flex-wrap justify-end gap-2">{props.children}</div>;
}

/** Leaves the dialog it stands in as Escape does. */
export function CancelButton() {
  const close = useContext(Close);
  return (
    <Button variant="ghost" onClick={() => close?.()}>
      Cancel
    </Button>
  );
}
