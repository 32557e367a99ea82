import { createSignal, onCleanup } from 'solid-js';

/** Something on screen that could not be read anew. */
interface Stale {
  /** Why, a sentence. */
  problem: string;
  retry: () => void;
}

const [all, setAll] = createSignal<readonly Stale[]>([]);

/** Why what is on screen may be out of date, a sentence; undefined: as far as is known, it is not. */
export const staleProblem = (): string | undefined => all()[0]?.problem;

/** Asks again for all that could not be read anew. */
export function retryStale(): void {
  for (const { retry } of all()) retry();
}

/** Tells of what the owner shows that it may be out of date, until it tells otherwise or is gone. */
export function createStaleness(): (stale: Stale | undefined) => void {
  let told: Stale | undefined;
  const tell = (stale: Stale | undefined): void => {
    if (!stale && !told) return;
    const before = told;
    told = stale;
    setAll((others) => [...others.filter((other) => other !== before), ...(stale ? [stale] : [])]);
  };
  onCleanup(() => tell(undefined));
  return tell;
}

const AGAIN_MS = 3_000;
const AGAIN_MAX_MS = 30_000;

/**
 * Keeps asking, for as long as the owner lives and somebody can see the page, for what is shown and could not be read anew.
 * The first failure is not worth a word: most are over when it is asked again. The second one is told, until an answer comes.
 */
export function createPersistence(ask: () => void) {
  const tell = createStaleness();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Nobody waits for the next attempt: another one begins, or none is needed. */
  const pause = (): void => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', again);
  };
  const again = (): void => {
    pause();
    if (document.hidden) document.addEventListener('visibilitychange', again);
    else ask();
  };
  onCleanup(pause);
  return {
    pause,
    succeeded: (): void => {
      failures = 0;
      pause();
      tell(undefined);
    },
    failed: (problem: string): void => {
      failures += 1;
      if (failures > 1) tell({ problem, retry: ask });
      pause();
      timer = setTimeout(again, Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MAX_MS));
    },
  };
}
