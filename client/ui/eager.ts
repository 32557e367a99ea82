import { createEffect, createSignal } from 'solid-js';

/**
 * Enter, which may come before there is anything to choose: then it is carried out as soon as there is.
 *
 * @param premature whether what Enter is meant for may still be on its way
 */
export function createEager(premature: () => boolean, choose: () => void) {
  const [eager, setEager] = createSignal(false);
  createEffect(() => {
    if (!eager() || premature()) return;
    setEager(false);
    choose();
  });
  return {
    /** Whether it waits. */
    eager,
    enter: (): void => void setEager(true),
    /** Something else was done meanwhile. */
    forget: (): void => void setEager(false),
  };
}
