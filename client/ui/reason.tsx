import { createSignal, onCleanup, onMount } from 'solid-js';

/** Between a control and what is said about it, and between that and the edge of the window, px. */
const GAP_PX = 6;

interface ReasonProps {
  /** What the control is described by. */
  id: string;
  text: string;
}

/**
 * Why the control it stands beside in a `group` cannot be used; seen while that has the focus or the pointer. Placed in the
 * window and not in its surroundings, which may be narrow or scroll, and would cut it off.
 */
export function Reason(props: ReasonProps) {
  let tip: HTMLSpanElement | undefined;
  const [place, setPlace] = createSignal({ left: 0, top: 0 });
  const put = (): void => {
    const group = tip?.parentElement;
    if (!tip || !group?.matches(':focus-within, :hover')) return;
    const [control, { width, height }] = [group.getBoundingClientRect(), tip.getBoundingClientRect()];
    const right = Math.min(control.right, document.documentElement.clientWidth - GAP_PX);
    const below = control.bottom + GAP_PX;
    setPlace({
      left: Math.max(GAP_PX, right - width),
      top: below + height > innerHeight ? control.top - GAP_PX - height : below,
    });
  };
  onMount(() => {
    put();
    const listening = new AbortController();
    const { signal } = listening;
    const group = tip?.parentElement;
    for (const event of ['focusin', 'pointerenter']) group?.addEventListener(event, put, { signal });
    // What has the focus may be scrolled into sight only then.
    addEventListener('scroll', put, { capture: true, passive: true, signal });
    onCleanup(() => listening.abort());
  });
  return (
    <span
      ref={tip}
      id={props.id}
      role="tooltip"
      class="pointer-events-none invisible fixed z-60 w-max max-w-60 rounded-md bg-ink px-2 py-1 text-xs whitespace-normal text-panel group-focus-within:visible group-hover:visible"
      style={{ left: `${place().left}px`, top: `${place().top}px` }}
    >
      {props.text}
    </span>
  );
}
