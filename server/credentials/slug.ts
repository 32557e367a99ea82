/** Longest id of an app, an agent or an organisation, in characters. */
export const SLUG_MAX = 40;

/**
 * The source of the slug rule, without anchors, so that the token format can embed it. It has no underscore: a token
 * `{prefix}_{slug}_{random}` therefore splits at its first and its last one without ambiguity.
 */
const SLUG_SOURCE = '[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?';

const SLUG = new RegExp(`^${SLUG_SOURCE}$`);

/** The rule in words, shown to people next to the field they are filling in. */
const SLUG_RULE =
  `Use 1 to ${SLUG_MAX} lowercase letters, numbers and hyphens; ` +
  'the first and the last character must be a letter or a number.';

/** Whether `text` may be the id of an app or an agent, or the slug of an organisation. */
export function isSlug(text: string): boolean {
  return text.length <= SLUG_MAX && SLUG.test(text);
}

/** The public message about what is wrong with `text` as a slug, or null when nothing is. */
export function slugProblem(text: string): string | null {
  if (isSlug(text)) return null;
  if (text === '') return 'This is required.';
  if (text.length > SLUG_MAX) return `This is ${text.length} characters long. ${SLUG_RULE}`;
  if (/[A-Z]/.test(text)) return `Capital letters are not allowed. ${SLUG_RULE}`;
  return SLUG_RULE;
}
