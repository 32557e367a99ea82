import { describe, expect, it } from 'vitest';
import { isSlug, slugProblem } from '../../server/credentials/slug.ts';

describe('an id', () => {
  it.each(['a', '0', 'portal', 'my-app-2', 'a--b', 'a' + '-'.repeat(38) + 'b'])('may be %s', (text) => {
    expect(isSlug(text)).toBe(true);
    expect(slugProblem(text)).toBeNull();
  });

  it.each(['', '-a', 'a-', '-', 'Portal', 'a_b', 'a b', 'a.b', 'ä', 'a\n', 'a\0', 'a'.repeat(41)])(
    'may not be %j, and the reason is told',
    (text) => {
      expect(isSlug(text)).toBe(false);
      expect(slugProblem(text)).toBeTypeOf('string');
    },
  );
});
