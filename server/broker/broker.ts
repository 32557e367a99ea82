/**
 * What the rooms above the broker may ask of it. Sockets bring connections (see `connections.ts`); GraphQL sends
 * events on behalf of people and watches answers on their way.
 */
export interface Broker {
  /** Records and dispatches an event that a person sends from the dashboard; resolves once it is committed. */
  send(event: DashboardEvent): Promise<Sent>;
  /** What has streamed so far of an event that is being answered on this node; null when it is not. */
  progress(eventId: string): { attempt: number; text: string } | null;
}

export interface DashboardEvent {
  organizationId: string;
  /** Row ids. The app's allowlist entry and the agent's state are checked as for any event. */
  appId: string;
  agentId: string;
  /** 1–512 characters. */
  threadId: string;
  /** Raw JSON text of an object, at most 65,536 bytes in UTF-8. */
  payload: string;
  /** Whether the app's own sockets get the outcome. */
  handOver: boolean;
  /** The id (`evt_…`) of the event this one sends again. */
  resendOf: string | null;
}

/**
 * `recorded`: the event is in the history under `eventId`, also when its status is `rejected`. `refused`: nothing was
 * recorded (limits, malformed payload) or perhaps it was (`UNAVAILABLE`).
 */
export type Sent = { kind: 'recorded'; eventId: string } | { kind: 'refused'; code: string; message: string };
