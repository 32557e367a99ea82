import type { Bus } from '../bus/bus.ts';
import type { Handover } from './handover.ts';
import type { HomeEvents } from './home.ts';
import type { Limits } from './limits.ts';
import type { AgentLink } from './links.ts';
import type { Outcomes } from './outcomes.ts';
import type { Pending } from './pending.ts';
import type { Presence } from './presence.ts';

/** An event whose agent was lost this often, by the agent's own doing, fails (protocol §7). */
const MOST_LOST = 3;

/** What follows from a home's decisions: frames to the agent, tokens begun anew for the app, failures. */
export class Dispatch implements HomeEvents {
  /** Set once both exist: homes report to dispatch, and outcomes look events up in homes. */
  outcomes!: Outcomes;
  private readonly limits: Limits;
  private readonly handover: Handover;
  private readonly bus: Bus;
  private readonly presence: Presence;

  constructor(deps: { limits: Limits; handover: Handover; bus: Bus; presence: Presence }) {
    this.limits = deps.limits;
    this.handover = deps.handover;
    this.bus = deps.bus;
    this.presence = deps.presence;
  }

  dispatched(event: Pending, link: AgentLink): void {
    this.limits.dispatched(event.appId);
    this.presence.active(link);
    if (event.attempt > 1) this.again(event, link);
    const { id: eventId, organizationId, attempt } = event;
    this.bus.publish('event.progress', { eventId, organizationId, attempt, token: '', restart: attempt > 1 });
    link.event({
      eventId: event.id,
      appSlug: event.appSlug,
      threadId: event.threadId,
      rawPayload: event.rawPayload,
      attempt: event.attempt,
      traceparent: event.traceparent,
    });
  }

  released(event: Pending): void {
    this.limits.answered(event.appId);
  }

  attemptLost(event: Pending, link: AgentLink, counted: boolean): void {
    if (counted) event.lost += 1;
    this.outcomes.step(event.id, 'connection_lost', { attempt: event.attempt, link, attempts: event.lost });
    if (event.lost >= MOST_LOST)
      this.fail(event, 'AGENT_ERROR', `The agent's connection was lost in ${MOST_LOST} attempts.`);
  }

  timedOut(event: Pending, link: AgentLink): void {
    this.outcomes.step(event.id, 'timed_out', { attempt: event.attempt, link });
    this.outcomes.hold(event);
    this.fail(event, 'AGENT_TIMEOUT', 'The agent did not answer in time.');
    link.cancel(event.id);
  }

  expired(event: Pending): void {
    this.fail(event, 'AGENT_OFFLINE', 'The agent did not connect in time.');
  }

  private again(event: Pending, link: AgentLink): void {
    this.outcomes.step(event.id, 'dispatched', { attempt: event.attempt, link });
    const origin = this.handover.origin(event.id);
    if (origin?.extended) origin.restart(event.id, event.attempt);
  }

  private fail(event: Pending, code: string, message: string): void {
    this.outcomes.fail(event, code, message);
  }
}
