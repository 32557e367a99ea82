import { ValidationError } from '../errors.ts';
import type { EventBody } from './eventRow.ts';
import { contentGone } from './eventRow.ts';

/** Longest text looked for in payloads and replies, characters. */
export const SEARCH_MAX = 200;
/** How much of the history one search may span: no index helps it, so each event of that time is read. */
export const SEARCH_DAYS = 7;

const DAY_MS = 86_400_000;

/** Throws ValidationError when a search would have to read more than SEARCH_DAYS of the history. `now`: ms. */
export function checkSearchSpan(
  from: Date | null | undefined,
  to: Date | null | undefined,
  now: number,
): void {
  const end = Math.min(to?.getTime() ?? now, now);
  if (from && end - from.getTime() <= SEARCH_DAYS * DAY_MS) return;
  const message = `A text is looked for in at most ${SEARCH_DAYS} days: give a later start.`;
  throw new ValidationError([{ field: 'from', message }]);
}

/**
 * The condition that payload or reply contain a text, in any case, as raw JSON. What is deleted is not found either, or
 * one could ask for it letter by letter. `p`: a placeholder for `likePattern`.
 */
export function bodyLike(p: string): string {
  return `((e.payload ilike ${p} or e.reply_content ilike ${p}) and ${contentGone} is null)`;
}

/** A pattern of LIKE that stands for a text anywhere; nothing in the text is a wildcard. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** The same as `bodyLike` for bodies already read. */
export function bodyContains(body: EventBody | null, text: string): boolean {
  const part = text.toLowerCase();
  return [body?.payload, body?.reply].some((whole) => whole?.toLowerCase().includes(part));
}
