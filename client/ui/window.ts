import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js';
import { drawnOff } from './slide.ts';

/** Rows drawn beyond each edge of the screen, so that a turn of the wheel finds them there. */
const BEYOND = 12;
const GUESS_PX = 40;

export interface RowWindow {
  /** The rows to draw: from `start` up to, and without, `end`. */
  start: () => number;
  end: () => number;
  /** Height of one row, px; measured, since borders and fonts have their say. */
  height: () => number;
  /** Brings a row into sight, if it is not. */
  reveal(index: number): void;
  /** Looks at once for what is in sight, rather than with the next frame. */
  look(): void;
  /** Moves with rows that came or went above, so that what is read stays where it is. */
  shift(rows: number): void;
}

/**
 * Which of many rows of equal height are in sight while the page scrolls. Thousands of rows in the document would make
 * every keystroke slow.
 *
 * @param body the element whose children are rows, but for the ones that keep the room of rows not drawn (`aria-hidden`)
 */
export function createRowWindow(body: () => HTMLElement | undefined, count: () => number): RowWindow {
  const [height, setHeight] = createSignal(GUESS_PX);
  const [view, setView] = createSignal({ top: 0, bottom: 1_200 });
  let frame = 0;

  const measure = (): void => {
    frame = 0;
    const element = body();
    if (!element?.isConnected) return;
    const row = element.querySelector(':scope > :not([aria-hidden])')?.getBoundingClientRect();
    if (row && row.height > 0) setHeight(row.height);
    const drawn = element.getBoundingClientRect().top;
    // Rows that slide are seen from where they are drawn to where they will stand.
    const [top, bottom] = [drawnOff(element) - drawn, window.innerHeight - drawn];
    setView((before) => (before.top === top && before.bottom === bottom ? before : { top, bottom }));
  };
  const soon = (): void => {
    frame ||= requestAnimationFrame(measure);
  };
  createEffect(on(count, soon));
  onMount(() => {
    const resized = new ResizeObserver(soon);
    resized.observe(document.body);
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon, { passive: true });
    onCleanup(() => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    });
  });

  const clamp = (row: number): number => Math.min(count(), Math.max(0, row));
  return {
    start: () => clamp(Math.floor(view().top / height()) - BEYOND),
    end: () => clamp(Math.ceil(view().bottom / height()) + BEYOND),
    height,
    reveal(index) {
      const element = body();
      if (!element) return;
      const top = element.getBoundingClientRect().top - drawnOff(element) + index * height();
      const [above, below] = [top - height(), top + 2 * height() - window.innerHeight];
      if (above < 0) scrollBy({ top: above });
      else if (below > 0) scrollBy({ top: below });
      measure();
    },
    look: measure,
    shift(rows) {
      scrollBy({ top: rows * height() });
      measure();
    },
  };
}
