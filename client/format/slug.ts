export const SLUG_MAX = 40;

/** Why a text cannot be an ID, in one sentence; undefined when it can. */
export function slugProblem(text: string): string | undefined {
  if (text === '') return undefined;
  if (/[A-Z]/.test(text)) return 'Use lowercase letters only.';
  if (/\s/.test(text)) return 'Use a hyphen instead of a space.';
  if (/[^a-z0-9-]/.test(text)) return 'Use lowercase letters, numbers and hyphens only.';
  if (text.startsWith('-') || text.endsWith('-')) return 'Start and end with a letter or a number.';
  if (text.length > SLUG_MAX) return `Use at most ${SLUG_MAX} characters.`;
  return undefined;
}

/** The ID a name suggests: `My Custom Service` gives `my-custom-service`. */
export function suggestSlug(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '');
}

const vague =
  /^(my|the|a|new)?[\s_-]*(test(ing)?|app|application|demo|foo|bar|example|temp|tmp|agent|bot|service|asdf)[\s_-]*\d*$/i;

/** A hint, not a refusal: names such as "Test" or "MyApp" confuse everybody a month later. */
export function nameHint(name: string): string | undefined {
  if (!vague.test(name.trim())) return undefined;
  return `“${name.trim()}” will be hard to tell apart later. Name what it is, such as “Portal” or “Flow Workflow Engine”.`;
}
