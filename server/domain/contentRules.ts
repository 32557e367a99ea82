import { madeUp } from './codes.ts';

/** Outcomes wait this long for an app (protocol §4). */
export const KEPT_MS = 7 * 86_400_000;

/**
 * Events that somebody still needs whole: those without an outcome, and those whose outcome waits for its app. A condition
 * rather than a parameter, so that it can stand in statements of any shape; the time is Relay's own.
 */
export function unfinished(now: number): string {
  const since = new Date(now - KEPT_MS).toISOString();
  return `(status = 'pending' or (handed_over_at is null and hand_over and settled_at > '${since}'))`;
}

export const HAS_CONTENT = 'content_deleted_at is null';

/**
 * What an update of an event sets to delete what it carried, at a time that is this parameter. Valid JSON takes the place of
 * payload and reply, and Relay's own code that of a code the agent made up, as whoever repeats an idempotency key is answered
 * from the same row.
 */
export const withoutContent = (
  at: '?' | '$1',
) => `content_deleted_at = ${at}, payload = '{}', reply_metadata = null,
  reply_content = case when reply_content is not null then '""' end, error_text = case when error_text is not null then '' end,
  error_code = case when ${madeUp('error_code')} then 'AGENT_ERROR' else error_code end`;
