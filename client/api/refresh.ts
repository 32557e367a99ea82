import { onCleanup } from 'solid-js';

/** Asks again now and then, for as long as the owner lives and somebody can see the page. */
export function everyWhileSeen(ms: number, ask: () => void): void {
  const timer = setInterval(() => !document.hidden && ask(), ms);
  onCleanup(() => clearInterval(timer));
}
