import type { Log } from '../log.ts';
import type { Accept, EventRequest, Sender, Verdict } from './accept.ts';
import { allows } from './directory.ts';
import type { Directory } from './directory.ts';
import type { Handover } from './handover.ts';
import type { Homes } from './homes.ts';
import type { AgentLink, AppLink, Notice } from './links.ts';
import type { End, Outcomes } from './outcomes.ts';
import type { Peer } from './peer.ts';
import type { Presence } from './presence.ts';

/** How an app's socket speaks to the broker. */
export interface AppDoor {
  event(request: EventRequest): void;
  /** The agents this app may reach, by their public id. */
  discover(): Promise<{ agentId: string; name: string; description: string; online: boolean }[]>;
  ack(eventId: string): void;
  /** The socket ended. Called once. */
  closed(): void;
}

export interface AgentDoor {
  token(eventId: string, attempt: number | null, token: string, raw: string): void;
  outcome(eventId: string, end: End): void;
  /** @param counted whether the agent ended it, so that attempts under way count as lost */
  closed(counted: boolean): void;
}

/** Outcomes of one agent connection that are being looked up or recorded: more than it can ever have in flight. */
const MOST_UNSETTLED = 2_048;
/** Events of one app connection that wait for the directory to be read. */
const MOST_WAITING = 1_000;

export interface DoorsOptions {
  accept: Accept;
  directory: Directory;
  handover: Handover;
  homes: Homes;
  outcomes: Outcomes;
  presence: Presence;
  log: Log;
}

export class Doors {
  private readonly deps: DoorsOptions;
  private readonly links = new Set<AppLink | AgentLink>();
  /** Agents' outcomes that are being looked up or recorded, and not answered yet. */
  unsettled = 0;

  constructor(options: DoorsOptions) {
    this.deps = options;
  }

  app(link: AppLink): AppDoor {
    this.links.add(link);
    this.deps.presence.opened(link);
    return new OpenAppDoor(this.deps, this.deps.handover.attach(link), this.links);
  }

  agent(link: AgentLink): AgentDoor {
    const { homes, directory, outcomes, presence, log } = this.deps;
    this.links.add(link);
    presence.opened(link);
    const agent = directory.get(link.organizationId)?.agentsById.get(link.ownerId);
    if (agent) homes.open(agent).attach(link);
    else void this.attachLater(link);
    let unsettled = 0;
    return {
      token: (eventId, attempt, token, raw) => outcomes.token(link, eventId, attempt, token, raw),
      outcome: (eventId, end) => {
        unsettled += 1;
        if (unsettled > MOST_UNSETTLED) return link.close(4429, 'too many outcomes of unknown events');
        this.unsettled += 1;
        outcomes
          .settle(link, eventId, end)
          .catch((error: unknown) =>
            log.error({ err: error, event: eventId }, 'an outcome could not be looked at'),
          )
          .finally(() => {
            unsettled -= 1;
            this.unsettled -= 1;
          });
      },
      closed: (counted) => {
        this.links.delete(link);
        homes.find(link.ownerId)?.detach(link, counted);
        presence.closed(link);
      },
    };
  }

  notice(notice: Notice): void {
    for (const link of this.links) link.notice(notice);
  }

  close(): void {
    for (const link of [...this.links]) link.close(1012, 'restarting');
  }

  /** The page was dropped between the upgrade and now; the agent gets its events as soon as it is read again. */
  private async attachLater(link: AgentLink): Promise<void> {
    try {
      const agent = (await this.deps.directory.load(link.organizationId)).agentsById.get(link.ownerId);
      if (agent && this.links.has(link)) this.deps.homes.open(agent).attach(link);
    } catch (error) {
      this.deps.log.warn({ err: error, connection: link.id }, 'an agent could not be looked up');
      link.close(1013, 'try again');
    }
  }
}

const UNREADABLE: Verdict = {
  kind: 'refused',
  eventId: null,
  code: 'UNAVAILABLE',
  message: 'The database cannot be read now.',
};

/**
 * The door of one app's connection. Its events go in in the order they came, also while the directory page they need is
 * being read. Idle doors are many: what only events need is made for the first one.
 */
class OpenAppDoor implements AppDoor {
  private readonly deps: DoorsOptions;
  private readonly peer: Peer;
  private readonly links: Set<AppLink | AgentLink>;
  private waiting: EventRequest[] | null = null;
  private known: Sender | null = null;

  constructor(deps: DoorsOptions, peer: Peer, links: Set<AppLink | AgentLink>) {
    this.deps = deps;
    this.peer = peer;
    this.links = links;
  }

  event(request: EventRequest): void {
    this.peer.asking += 1;
    this.deps.presence.active(this.peer.link);
    const page = this.deps.directory.get(this.sender.organizationId);
    const waiting = (this.waiting ??= []);
    if (page && waiting.length === 0)
      this.deps.accept.admit(this.sender, request, page, this.peer, this.answer(request));
    else if (waiting.length >= MOST_WAITING) this.answer(request)(UNREADABLE);
    else if (waiting.push(request) === 1) void this.drain(waiting);
  }

  async discover() {
    const { directory, homes } = this.deps;
    const { organizationId, ownerId } = this.peer.link;
    this.peer.asking += 1;
    const page = await directory.load(organizationId).finally(() => (this.peer.asking -= 1));
    const reachable = [...page.agentsBySlug.values()].filter(
      (agent) => agent.active && allows(agent, ownerId),
    );
    return reachable.map((agent) => ({
      agentId: agent.slug,
      name: agent.name,
      description: agent.description,
      online: homes.find(agent.id)?.online ?? false,
    }));
  }

  ack(eventId: string): void {
    this.deps.handover.acknowledge(this.peer, eventId);
  }

  closed(): void {
    this.links.delete(this.peer.link);
    this.deps.handover.detach(this.peer);
    this.deps.presence.closed(this.peer.link);
  }

  private get sender(): Sender {
    const { organizationId, ownerId: appId } = this.peer.link;
    return (this.known ??= { organizationId, appId, origin: 'app', handOver: true, resendOf: null });
  }

  private async drain(waiting: EventRequest[]): Promise<void> {
    const { directory, accept, log } = this.deps;
    for (let request = waiting[0]; request; request = waiting[0]) {
      try {
        const page = await directory.load(this.sender.organizationId);
        accept.admit(this.sender, request, page, this.peer, this.answer(request));
      } catch (error) {
        log.warn({ err: error }, 'the directory could not be read');
        this.answer(request)(UNREADABLE);
      }
      waiting.shift();
    }
  }

  private answer(request: EventRequest): (verdict: Verdict) => void {
    return (verdict) => {
      this.peer.asking -= 1;
      const { link } = this.peer;
      const { agentSlug, threadId, idempotencyKey } = request;
      if (verdict.kind === 'refused') {
        link.refused({ ...verdict, agentSlug, idempotencyKey });
        return;
      }
      link.accepted({
        eventId: verdict.eventId,
        agentSlug,
        threadId,
        idempotencyKey,
        duplicate: verdict.duplicate,
      });
      if (verdict.duplicate) void this.repeat(verdict.eventId);
    };
  }

  private async repeat(eventId: string): Promise<void> {
    await this.deps.handover.repeat(this.peer, eventId).catch((error: unknown) => {
      this.deps.log.warn({ err: error, event: eventId }, 'an earlier outcome could not be read');
    });
  }
}
