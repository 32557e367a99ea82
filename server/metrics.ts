import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 600,
];

/** One set per Relay, so that several can run in one process (tests do). Labels hold public ids, never secrets. */
export interface Metrics {
  registry: Registry;
  /** 1 while at least one connection of the app is open. */
  appConnected: Gauge<'organization' | 'app'>;
  agentConnected: Gauge<'organization' | 'agent'>;
  events: Counter<'status'>;
  /** Seconds from a frame's arrival to its committed acceptance. */
  acceptSeconds: Histogram;
  /** Seconds from committed acceptance to committed outcome. */
  outcomeSeconds: Histogram;
  refused: Counter<'code'>;
  /** Events waiting for an agent or being processed. */
  backlog: Gauge;
  /** Rows that break a rule of conservation; 0 while nothing is lost or doubled. */
  conservationViolations: Gauge<'rule'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    appConnected: new Gauge({
      name: 'relay_app_connected',
      help: '1 while the app has at least one open connection, 0 otherwise.',
      labelNames: ['organization', 'app'],
      registers,
    }),
    agentConnected: new Gauge({
      name: 'relay_agent_connected',
      help: '1 while the agent has at least one open connection, 0 otherwise.',
      labelNames: ['organization', 'agent'],
      registers,
    }),
    events: new Counter({
      name: 'relay_events_total',
      help: 'Events by the status they were committed with.',
      labelNames: ['status'],
      registers,
    }),
    acceptSeconds: new Histogram({
      name: 'relay_accept_seconds',
      help: 'Seconds from the arrival of an event to its committed acceptance.',
      buckets: SECONDS,
      registers,
    }),
    outcomeSeconds: new Histogram({
      name: 'relay_outcome_seconds',
      help: 'Seconds from committed acceptance to committed outcome.',
      buckets: SECONDS,
      registers,
    }),
    refused: new Counter({
      name: 'relay_refused_total',
      help: 'Upgrades and messages that were refused, by code.',
      labelNames: ['code'],
      registers,
    }),
    backlog: new Gauge({
      name: 'relay_backlog',
      help: 'Events waiting for an agent or being processed.',
      registers,
    }),
    conservationViolations: new Gauge({
      name: 'relay_conservation_violations',
      help: 'Rows among the latest events that break a rule of conservation, by rule.',
      labelNames: ['rule'],
      registers,
    }),
  };
}
