/** A timer that has not fired yet can be cancelled; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time in the server, so that tests can move graces and deadlines. `now()` is for what is
 * persisted; `monotonic()` and the timers are for what lives in the process and must not follow a clock that jumps.
 * All times are in milliseconds.
 */
export interface Clock {
  /** Wall clock: milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back, never jumps. */
  monotonic(): number;
  after(ms: number, run: () => void): Timer;
  /** Runs repeatedly; a late run is not made up for, so runs never pile up. */
  every(ms: number, run: () => void): Timer;
}

/** setTimeout overflows (and fires at once) beyond 2^31 - 1 ms, so longer waits are taken in steps. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

function wait(ms: number, run: () => void): Timer {
  let handle: NodeJS.Timeout;
  const arm = (left: number): void => {
    const step = Math.min(left, LONGEST_TIMEOUT_MS);
    handle = setTimeout(() => (left > step ? arm(left - step) : run()), step);
    // A pending timer alone must not keep the process from ending.
    handle.unref();
  };
  arm(Math.max(0, ms));
  return { cancel: () => clearTimeout(handle) };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: wait,
  every: (ms, run) => {
    const handle = setInterval(run, ms);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};

/** Resolves after so many milliseconds of this clock. */
export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.after(ms, resolve));
