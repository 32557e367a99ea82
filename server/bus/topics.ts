/**
 * Everything that crosses from one connection, request or node to another, and what it carries. A message tells
 * what changed and whose it is; whoever needs more reads it, so that nothing here grows with an event's payload.
 * Ids are row ids (uuid) unless a comment says otherwise; times are ms since the epoch.
 */
export interface Topics {
  /** A socket of an app or agent opened or closed, or a dead node's presence was swept. After the commit. */
  'presence.changed': { kind: OwnerKind; ownerId: string; organizationId: string };

  /** An event was recorded, changed its status (handed over included), lost its content or was sent again. After the commit. */
  'event.changed': {
    eventId: string;
    organizationId: string;
    appId: string;
    agentId: string | null;
    threadId: string;
    status: 'pending' | 'delivered' | 'failed' | 'rejected';
    errorCode: string | null;
    /** The code it had until now, where deleting its content replaced that. */
    formerCode?: string | null;
    acceptedAt: number;
  };

  /**
   * An attempt began (with an empty token; `restart` when it is not the first), or a fragment of its answer came. Not
   * durable. `token` is decoded text.
   */
  'event.progress': {
    eventId: string;
    organizationId: string;
    attempt: number;
    token: string;
    restart: boolean;
  };

  /** An app, agent, organisation or allowlist changed: drop what is cached of it. After the commit. */
  'directory.changed': {
    organizationId: string;
    kind: 'app' | 'agent' | 'allowlist' | 'organization';
    id: string;
  };

  /**
   * A credential of an app or agent changed: rotated, revoked, deactivated or reactivated. Live sockets of the owner are
   * checked again at once. After the commit.
   */
  'credential.changed': { kind: OwnerKind; ownerId: string; organizationId: string };

  /**
   * The contents of all that an app has sent so far (`eventId` is null), or of one event, are not to be told any more: drop
   * what is kept of them. Those of one event are gone already. After the commit.
   */
  'contents.unwanted': { organizationId: string; appId: string; eventId: string | null };

  /** A person's or script's right to look changed: signed out, removed, role changed, key revoked. After the commit. */
  'access.changed': { userId: string | null; sessionId: string | null; apiKeyId: string | null };
}

export type OwnerKind = 'app' | 'agent';
export type Topic = keyof Topics;
