import { createClient } from 'graphql-ws';
import { createSignal } from 'solid-js';

/** `idle`: nothing is subscribed. `lost`: it was open and is being tried again. */
export type LiveState = 'idle' | 'connecting' | 'live' | 'lost';

const [live, setLive] = createSignal<LiveState>('idle');
const [epoch, setEpoch] = createSignal(0);
const [ended, setEnded] = createSignal(0);

export { live };

/** Rises whenever what is on screen may be out of date: after a reconnect, or when `refetchOnScreen` says so. */
export const dataEpoch = epoch;
export const refetchOnScreen = (): void => void setEpoch((n) => n + 1);

/** Rises when the server said that this session is over. */
export const sessionEnded = ended;
export const reportSessionEnded = (): void => void setEnded((n) => n + 1);

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const FORBIDDEN = 4403;

let pongTimer: ReturnType<typeof setTimeout> | undefined;

export const socket = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
  lazy: true,
  retryAttempts: Infinity,
  shouldRetry: () => true,
  keepAlive: PING_EVERY_MS,
  retryWait: (retries) =>
    new Promise((resolve) =>
      setTimeout(resolve, Math.min(500 * 2 ** retries, 8_000) * (0.75 + Math.random() / 2)),
    ),
  on: {
    connecting: (isRetry) => setLive(isRetry ? 'lost' : 'connecting'),
    connected: (_socket, _payload, wasRetry) => {
      setLive('live');
      if (wasRetry) refetchOnScreen();
    },
    ping: (received) => {
      if (received) return;
      // A half-open connection never reports a close, so silence has to be taken for one.
      pongTimer = setTimeout(() => socket.terminate(), PONG_WITHIN_MS);
    },
    pong: (received) => {
      if (received) clearTimeout(pongTimer);
    },
    closed: (event) => {
      clearTimeout(pongTimer);
      const { code } = event as CloseEvent;
      if (code === FORBIDDEN) reportSessionEnded();
      setLive(code === 1000 ? 'idle' : 'lost');
    },
  },
});
