/** One event as the agent's end of a wire sees it. */
export interface WireEvent {
  session: string;
  number: number;
  token(text: string): void;
  reply(content: string): void;
}

/** One app's end of a wire. */
export interface WireApp {
  send(session: string, number: number): void;
  close(): void;
}

export interface WireHandlers {
  token(text: string): void;
  reply(session: string, number: number, content: string): void;
  failed(error: Error): void;
}

/** A way from apps to one agent and back: Relay, or one of those it is measured against. */
export interface Wire {
  agent(handle: (event: WireEvent) => void): Promise<{ close(): void }>;
  app(handlers: WireHandlers): Promise<WireApp>;
  /** What the ends share, after they are closed. */
  close(): Promise<void>;
}

/** Every wire carries the same payload. */
export function payloadOf(session: string, number: number) {
  return { session, number, text: 'What is the state of the project this morning?' };
}

export type Payload = ReturnType<typeof payloadOf>;

export interface WireTarget {
  kind: 'ws' | 'socketio' | 'nats' | 'rabbit';
  /** Of `ws`: without a path, since Relay and the floor serve the same two endpoints. */
  url: string;
  appToken: string;
  agentToken: string;
  agentId: string;
}
