import DataLoader from 'dataloader';
import type { EntityName } from '@mikro-orm/core';
import { activityOf } from '../domain/activity.ts';
import { restrictedOf } from '../domain/allowlist.ts';
import { Agent } from '../database/entities/agent.ts';
import { App } from '../database/entities/app.ts';
import { Organization } from '../database/entities/organization.ts';
import { User } from '../database/entities/user.ts';
import { bodiesOf, pendingOf, stepsOf } from '../domain/eventRow.ts';
import { eventsById, resendsOf } from '../domain/history.ts';
import { instancesOf } from '../domain/presence.ts';
import { tokensOf } from '../domain/tokens.ts';
import { troubleOf } from '../domain/trouble.ts';
import type { Em, Work } from '../domain/work.ts';

function rows<T extends { id: string }>(em: Em, entity: EntityName<T>): DataLoader<string, T> {
  return new DataLoader(async (ids) => {
    const found = await em.find(entity, { id: { $in: [...ids] } } as never);
    const byId = new Map((found as T[]).map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? new Error(`the parent ${id} of an existing row is missing`));
  });
}

function batch<T>(read: (ids: readonly string[]) => Promise<T[]>): DataLoader<string, T> {
  return new DataLoader(read, { maxBatchSize: 500 });
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * One query for each kind of thing on a level of an operation, whatever the number of rows. Good for one execution.
 * `changed`: row ids of what a mutation answers with. What these rows themselves have, found by an index and bounded, is
 * read without a turn; whatever else they lead to, and what sums up or searches, waits like any other read.
 */
export function createLoaders({ em, reader, clock }: Work, changed = NOTHING) {
  const of = (ids: readonly string[]) => (ids.every((id) => changed.has(id)) ? reader.committed : reader);
  return {
    organization: rows(em, Organization),
    app: rows(em, App),
    agent: rows(em, Agent),
    user: rows(em, User),
    appTokens: batch((ids) => tokensOf(of(ids), 'app', ids)),
    agentTokens: batch((ids) => tokensOf(of(ids), 'agent', ids)),
    appActivity: batch((ids) => activityOf(reader, 'app', ids, clock.now())),
    agentActivity: batch((ids) => activityOf(reader, 'agent', ids, clock.now())),
    trouble: batch((ids) => troubleOf(reader, ids, clock.now())),
    instances: batch((ids) => instancesOf(of(ids), ids)),
    restricted: batch((ids) => restrictedOf(of(ids), ids)),
    pending: batch((ids) => pendingOf(of(ids), ids)),
    body: batch((ids) => bodiesOf(of(ids), ids)),
    steps: batch((ids) => stepsOf(of(ids), ids)),
    event: batch((ids) => eventsById(reader, ids)),
    resends: batch((ids) => resendsOf(of(ids), ids)),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
