import { createSignal, onCleanup } from 'solid-js';
import { exactUtc, minute, relative, span } from '../format/time.ts';

const [now, setNow] = createSignal(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The wall clock, moving once a second for as long as anything on screen reads it. */
export function useNow(): () => number {
  watchers += 1;
  if (watchers === 1) {
    setNow(Date.now());
    timer = setInterval(() => setNow(Date.now()), 1_000);
  }
  onCleanup(() => {
    watchers -= 1;
    if (watchers === 0) clearInterval(timer);
  });
  return now;
}

/** `3m ago`, with the exact UTC time on hover. */
export function Ago(props: { at: string }) {
  const clock = useNow();
  return (
    <time datetime={props.at} title={exactUtc(props.at)} class="whitespace-nowrap">
      {relative(props.at, clock())}
    </time>
  );
}

/** `for 3m`, growing, with the exact UTC time of its beginning on hover. */
export function Lasting(props: { from: string }) {
  const clock = useNow();
  return (
    <time datetime={props.from} title={`since ${exactUtc(props.from)}`} class="whitespace-nowrap">
      for {span(clock() - Date.parse(props.from))}
    </time>
  );
}

/** `2026-04-07 10:15`, with the exact UTC time on hover. */
export function Stamp(props: { at: string }) {
  return (
    <time datetime={props.at} title={exactUtc(props.at)} class="whitespace-nowrap">
      {minute(props.at)}
    </time>
  );
}
