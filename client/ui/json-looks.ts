import type { JsonTokenKind } from '../format/json.ts';

/** The colours of JSON. */
export const jsonLooks: Record<JsonTokenKind, string> = {
  key: 'text-accent-ink',
  string: 'text-ok',
  number: 'text-wait',
  word: 'text-deny',
  mark: 'text-ink-3',
  space: '',
};
