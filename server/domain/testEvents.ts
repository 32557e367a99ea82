import { randomBytes } from 'node:crypto';
import {
  ForbiddenError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
  ValidationError,
} from '../errors.ts';
import type { Act } from './audit.ts';
import { audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { agentFor, appFor, signedIn } from './caller.ts';
import { PAYLOAD_BYTES, THREAD_CHARACTERS } from './eventForm.ts';
import type { EventRow } from './eventRow.ts';
import { bodiesOf } from './eventRow.ts';
import { eventFor, eventsById, tellChanged } from './history.ts';
import { changeAsOwner } from './membersLock.ts';
import type { Queries } from './reader.ts';
import { Check } from './rules.ts';
import type { Work } from './work.ts';
import { timeNow, write } from './work.ts';

/** What sending needs of the broker; the broker's own `send` fits. */
export type Send = (event: {
  organizationId: string;
  appId: string;
  agentSlug: string;
  threadId: string;
  payload: string;
  handOver: boolean;
  resendOf: string | null;
}) => Promise<{ kind: 'recorded'; eventId: string } | { kind: 'refused'; code: string; message: string }>;

type Who = Caller | null;

/** Sends an event from the dashboard in an app's name. Owners only; a fresh `test-…` thread unless one is named. */
export async function sendTestEvent(
  work: Work,
  who: Who,
  send: Send,
  input: { agentId: string | null; appId: string | null; payload: string; threadId?: string | null },
): Promise<EventRow> {
  const someone = signedIn(who, 'manage');
  const agent = await agentFor(work, someone, input.agentId, 'manage');
  const app = await appFor(work, someone, input.appId, 'manage');
  if (app.organization.id !== agent.organization.id) throw new NotFoundError();
  const threadId = checked(input.payload, input.threadId);
  await recorded(work, someone, {
    action: 'TEST_EVENT_SENT',
    organizationId: app.organization.id,
    target: { type: 'Agent', id: agent.id, name: agent.slug },
    details: { app: app.slug, thread: threadId },
  });
  const id = await sent(send, {
    organizationId: app.organization.id,
    appId: app.id,
    agentSlug: agent.slug,
    threadId,
    payload: input.payload,
    handOver: false,
    resendOf: null,
  });
  const [row] = await eventsById(work.reader.committed, [id]);
  return found(row);
}

/** Sends a recorded event again, in a fresh thread unless one is named; `handOver`: the app gets the outcome too. */
export async function resendEvent(
  work: Work,
  who: Who,
  send: Send,
  input: { id: string | null; payload?: string | null; threadId?: string | null; handOver: boolean },
): Promise<EventRow> {
  const someone = signedIn(who, 'manage');
  const event = await eventFor(work, someone, input.id, 'manage');
  const payload = input.payload ?? (await payloadOf(work.reader, event.id));
  const threadId = checked(payload, input.threadId);
  const { organizationId, appId, agentSlug } = event;
  const { handOver } = input;
  await recorded(work, someone, {
    action: 'EVENT_RESENT',
    organizationId,
    target: { type: 'Event', id: event.id, name: event.id },
    details: { thread: threadId, handOver: String(handOver) },
  });
  const again = { organizationId, appId, agentSlug, threadId, payload, handOver, resendOf: event.id };
  const id = await beforeDeletion(work, appId, async () => {
    if (input.payload == null) await payloadOf(work.reader.committed, event.id);
    return sent(send, again);
  });
  const [made, first] = await eventsById(work.reader.committed, [id, event.id]);
  // The new one is mostly in a thread of its own, where nobody who looks at the first one would hear of it. The first may
  // have ended since it was read.
  if (first) tellChanged(work, first);
  return found(made);
}

async function payloadOf(reader: Queries, eventId: string): Promise<string> {
  const [body] = await bodiesOf(reader, [eventId]);
  if (body?.payload != null) return body.payload;
  throw new ValidationError([{ field: 'payload', message: 'The payload was deleted: give another one.' }]);
}

/** An order to delete what the app has sent comes before this begins or after it is done, and then covers what it sends. */
function beforeDeletion<T>(work: Work, appId: string, run: () => Promise<T>): Promise<T> {
  return write(work, async (em) => {
    await em.execute('select id from app where id = ? for key share', [appId]);
    return run();
  });
}

function checked(payload: string, threadId: string | null | undefined): string {
  const check = new Check();
  if (Buffer.byteLength(payload) > PAYLOAD_BYTES)
    check.fault('payload', `Use at most ${PAYLOAD_BYTES} bytes.`);
  else if (!payload.isWellFormed() || !isJsonObject(payload))
    check.fault('payload', 'This is not a JSON object.');
  const thread = threadId ?? `test-${randomBytes(6).toString('hex')}`;
  const length = [...thread].length;
  if (length < 1 || length > THREAD_CHARACTERS)
    check.fault('threadId', `Use 1 to ${THREAD_CHARACTERS} characters.`);
  else if (thread.includes('\0') || !thread.isWellFormed())
    check.fault('threadId', 'Use printable characters only.');
  check.done();
  return thread;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Before it is sent: the event is committed elsewhere, and nothing may be sent that is not recorded. */
function recorded(work: Work, caller: Caller, act: Act & { organizationId: string }): Promise<void> {
  return changeAsOwner(work, caller, act.organizationId, (em) => audit(em, caller, timeNow(work), act));
}

/** Resolves to the id of the event once it is recorded. */
async function sent(send: Send, event: Parameters<Send>[0]): Promise<string> {
  const answer = await send(event);
  if (answer.kind === 'refused') throw refusal(answer.code, answer.message);
  return answer.eventId;
}

function found(row: EventRow | null | undefined): EventRow {
  if (!row) throw new NotFoundError();
  return row;
}

function refusal(code: string, message: string): Error {
  if (code === 'RATE_LIMITED') return new RateLimitedError(1, message);
  if (code === 'UNAVAILABLE') return new UnavailableError(message);
  return new ForbiddenError(message);
}
