import { describe, expect, test } from 'vitest';
import { nameHint, slugProblem, suggestSlug } from '../../client/format/slug.ts';

describe('IDs', () => {
  test.each(['a', 'portal', 'custom-service', '7', 'a'.repeat(40)])('accept %s', (text) => {
    expect(slugProblem(text)).toBeUndefined();
  });

  test.each([
    ['Portal', 'lowercase'],
    ['my app', 'hyphen'],
    ['my_app', 'lowercase letters, numbers and hyphens'],
    ['-portal', 'Start and end'],
    ['portal-', 'Start and end'],
    ['a'.repeat(41), 'at most 40'],
    ['café', 'lowercase letters, numbers and hyphens'],
  ])('refuse %s and say why', (text, reason) => {
    expect(slugProblem(text)).toContain(reason);
  });

  test('say nothing about what has not been typed yet', () => {
    expect(slugProblem('')).toBeUndefined();
  });

  test.each([
    ['My Custom Service', 'my-custom-service'],
    ['Crème Brûlée!', 'creme-brulee'],
    ['  -- Flow --  ', 'flow'],
    ['日本語', ''],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('suggested for %s are valid', (name, slug) => {
    expect(suggestSlug(name)).toBe(slug);
    expect(slugProblem(suggestSlug(name))).toBeUndefined();
  });
});

describe('names', () => {
  test.each(['Test', 'MyApp', 'my app', 'test 2', 'Demo', 'new-service'])('such as %s get a hint', (name) => {
    expect(nameHint(name)).toContain(name);
  });

  test.each(['Portal', 'Flow Workflow Engine', 'Test bench for turbines', 'Contest'])(
    'such as %s get none',
    (name) => {
      expect(nameHint(name)).toBeUndefined();
    },
  );
});
