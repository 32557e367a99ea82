import { onCleanup } from 'solid-js';
import { useMedia } from './media.ts';

/** Of what is left to go, this much remains after a millisecond: half is gone in 45 ms. */
const REMAINS_PER_MS = 0.985;
const THERE_PX = 0.5;

/** How far an element is drawn from where it stands, px: what slides down is still above it. */
export const drawnOff = (element: HTMLElement): number =>
  new DOMMatrixReadOnly(getComputedStyle(element).transform).m42;

/**
 * Lets what was pushed down by something new above it get there smoothly: the eye can follow, and nothing jumps. It is
 * drawn frame by frame since a browser that animates by itself takes a second push in mid-movement for a jump.
 *
 * @returns takes how far the element was pushed, px, in the task in which it was
 */
export function createSlide(element: () => HTMLElement | undefined): (pushed: number) => void {
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  let left = 0;
  let frame = 0;
  let drawnAt: number | undefined;

  const draw = (): void => {
    const style = element()?.style;
    if (!style) return;
    style.transform = left > 0 ? `translateY(${-Math.round(left)}px)` : '';
    // A layer of its own, so that no frame has to paint the rows again.
    style.willChange = left > 0 ? 'transform' : '';
  };
  const step = (at: number): void => {
    // Where it starts from has to be seen once before it moves on.
    if (drawnAt !== undefined) {
      left *= REMAINS_PER_MS ** (at - drawnAt);
      if (left < THERE_PX) left = 0;
      draw();
    }
    drawnAt = at;
    frame = left > 0 ? requestAnimationFrame(step) : 0;
  };
  onCleanup(() => cancelAnimationFrame(frame));

  return (pushed) => {
    if (document.hidden || calm()) return;
    left += pushed;
    // Further than one can see is not a movement.
    if (left > window.innerHeight) left = 0;
    drawnAt = undefined;
    draw();
    frame ||= requestAnimationFrame(step);
  };
}
