import type { EventRow } from '../../domain/eventRow.ts';
import { deleteEventContent } from '../../domain/contents.ts';
import { resendEvent, sendTestEvent } from '../../domain/testEvents.ts';
import { NotFoundError, RateLimitedError, UnavailableError } from '../../errors.ts';
import type { Types } from '../builder.ts';
import { eventId, rowId } from '../ids.ts';
import { mutation } from '../mutation.ts';
import { EventRef } from '../refs.ts';

type Success = PothosSchemaTypes.ObjectFieldBuilder<Types, { event: EventRow }>;

const eventField = (t: Success) => ({
  event: t.field({
    type: EventRef,
    description: 'The recorded event; it may have been rejected.',
    resolve: ({ event }) => event,
  }),
});
const threadText = 'The thread, 1 to 512 characters; a fresh `test-…` one when absent.';

mutation('deleteEventContent', {
  description:
    'Deletes payload, answer, its metadata, error text and a code that the agent made up from an event; Relay cannot bring them back. That it was there, and how it went, stays; so do thread, idempotency key and trace context. Refused until its outcome has been handed over. Owners only.',
  input: (t) => ({ id: t.id({ required: true, description: 'Its global id or `evt_…`.' }) }),
  errors: [NotFoundError],
  resolve: async ({ id }, { work, caller }) => ({
    event: await deleteEventContent(work, caller, eventId(id)),
  }),
  success: eventField,
});

mutation('sendTestEvent', {
  description:
    "Sends an event in an app's name; its outcome is recorded but not handed to the app. Owners only.",
  input: (t) => ({
    agentId: t.id({ required: true, description: 'The agent to ask (global id).' }),
    appId: t.id({ required: true, description: 'The app in whose name it is sent (global id).' }),
    payload: t.string({
      required: true,
      description: 'A JSON object as text, at most 65,536 bytes in UTF-8.',
    }),
    threadId: t.string({ description: threadText }),
  }),
  errors: [NotFoundError, UnavailableError, RateLimitedError],
  resolve: async (input, { work, caller, parts }) => ({
    event: await sendTestEvent(work, caller, (event) => parts.broker.send(event), {
      ...input,
      agentId: rowId('Agent', input.agentId),
      appId: rowId('App', input.appId),
    }),
  }),
  success: eventField,
});

mutation('resendEvent', {
  description: 'Sends a recorded event again as a new one. Owners only.',
  input: (t) => ({
    id: t.id({ required: true, description: "The event's global id, or its `evt_…` id." }),
    payload: t.string({
      description:
        'Another payload: a JSON object as text, at most 65,536 bytes in UTF-8; the same one when absent.',
    }),
    threadId: t.string({ description: threadText }),
    handOver: t.boolean({
      required: true,
      defaultValue: false,
      description: "Whether the app's connections get the outcome.",
    }),
  }),
  errors: [NotFoundError, UnavailableError, RateLimitedError],
  resolve: async (input, { work, caller, parts }) => ({
    event: await resendEvent(work, caller, (event) => parts.broker.send(event), {
      ...input,
      id: eventId(input.id),
    }),
  }),
  success: eventField,
});
