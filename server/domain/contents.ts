import { LockMode } from '@mikro-orm/core';
import { App } from '../database/entities/app.ts';
import { ValidationError } from '../errors.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { appFor, signedIn } from './caller.ts';
import { HAS_CONTENT, unfinished, withoutContent } from './contentRules.ts';
import type { EventRow } from './eventRow.ts';
import { eventFor, eventsById, tellChanged } from './history.ts';
import { changeAsOwner } from './membersLock.ts';
import type { Em, Work } from './work.ts';
import { timeNow } from './work.ts';

type Who = Caller | null;

/**
 * Deletes what one event carried: payload, answer, its metadata, the text of an error and a code that the agent made up.
 * That there was an event, and how it went, stays. Throws ValidationError while the agent or the app still needs it. Deleting
 * twice changes nothing.
 */
export async function deleteEventContent(work: Work, who: Who, id: string | null): Promise<EventRow> {
  const someone = signedIn(who, 'manage');
  const event = await eventFor(work, someone, id, 'manage');
  if (event.contentDeletedAt) return event;
  const at = timeNow(work);
  const left = await changeAsOwner(work, someone, event.organizationId, async (em) => {
    const [changed] = await em.execute<Pick<EventRow, 'status' | 'errorCode'>[]>(
      `update event set ${withoutContent('?')} where id = ? and ${HAS_CONTENT} and not ${unfinished(at.getTime())}
        returning status, error_code as "errorCode"`,
      [at, event.id],
    );
    if (!changed) {
      await refuseUnlessDeleted(em, event.id);
      return null;
    }
    const target = { type: 'Event', id: event.id, name: event.id };
    const { organizationId } = event;
    await audit(em, someone, at, { action: 'EVENT_CONTENT_DELETED', organizationId, target });
    return changed;
  });
  // Before anything is read: whatever becomes of that, nobody may be told any more what is deleted.
  if (left) {
    const { organizationId, appId } = event;
    work.bus.publish('contents.unwanted', { organizationId, appId, eventId: event.id });
    tellChanged(work, { ...event, ...left }, event.errorCode);
  }
  const [row] = await eventsById(work.reader.committed, [event.id]);
  return row ?? event;
}

/** Somebody else may have deleted it just now. */
async function refuseUnlessDeleted(em: Em, id: string): Promise<void> {
  const whole = await em.execute<object[]>(`select id from event where id = ? and ${HAS_CONTENT}`, [id]);
  if (whole.length === 0) return;
  const message = 'It is still waiting for its agent or its app. Delete it when it has been handed over.';
  throw new ValidationError([{ field: 'id', message }]);
}

/**
 * Orders the contents of everything an app has sent so far to be deleted. Nobody sees them from then on; the rows follow
 * within minutes, those that the agent or the app still needs as soon as they are done with.
 */
export async function deleteAppContents(
  work: Work,
  who: Who,
  input: { id: string | null; appId: string },
): Promise<App> {
  const someone = signedIn(who, 'manage');
  const known = await appFor(work, someone, input.id, 'manage');
  if (input.appId !== known.slug) {
    throw new ValidationError([{ field: 'appId', message: `Type ${known.slug} to confirm.` }]);
  }
  const app = await changeAsOwner(work, someone, known.organization.id, async (em) => {
    const found = await em.findOneOrFail(App, known.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const at = timeNow(work);
    // What is unwanted stays so, also where the clock has stepped back since.
    if (!found.contentsUnwantedAt || found.contentsUnwantedAt < at) found.contentsUnwantedAt = at;
    found.contentsDeletedAt = null;
    const target = { type: 'App', id: found.id, name: found.slug };
    await audit(em, someone, at, {
      action: 'APP_CONTENTS_DELETED',
      organizationId: found.organization.id,
      target,
    });
    return found;
  });
  const organizationId = app.organization.id;
  work.bus.publish('contents.unwanted', { organizationId, appId: app.id, eventId: null });
  return app;
}
