import { describe, expect, test } from 'vitest';
import type { AuditRowFragment } from '../../client/api/generated/graphql.ts';
import { auditFormats, toAuditFilter } from '../../client/format/audit.ts';
import { csvCell } from '../../client/format/file-formats.ts';

const entry = (fields: Partial<AuditRowFragment> = {}): AuditRowFragment => ({
  id: 'x',
  at: '2026-04-07T10:15:00.000Z',
  action: 'APP_RENAMED',
  actor: 'ada@acme.example',
  actorKind: 'PERSON',
  targetType: 'App',
  target: 'portal',
  details: [
    { name: 'from', value: 'Portal' },
    { name: 'to', value: '=HYPERLINK("http://evil.example")' },
  ],
  address: null,
  ...fields,
});

describe('a downloaded log', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('has no cell that is a formula: %j', (text) => {
    expect(csvCell(text)).toBe(`"'${text}"`);
  });

  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['a=b', 'a=b'],
    ['', ''],
  ])('quotes %j as it must', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  test('is CSV with a header, a line an entry', () => {
    const { head, lines: write } = auditFormats.csv;
    const lines = `${head}${write([entry(), entry({ actor: '=cmd' })])}`.split('\r\n');
    expect(lines[0]).toBe('time,actor,actor_kind,action,target_type,target,details,address');
    expect(lines[1]).toBe(
      `2026-04-07T10:15:00.000Z,ada@acme.example,PERSON,APP_RENAMED,App,portal,"from: Portal; to: =HYPERLINK(""http://evil.example"")",`,
    );
    expect(lines[2]).toContain(`,"'=cmd",`);
    expect(lines).toHaveLength(4);
  });

  test('is NDJSON with values as they are', () => {
    const [line, ...rest] = auditFormats.ndjson.lines([entry()]).split('\n');
    expect(JSON.parse(line!)).toMatchObject({
      actor: 'ada@acme.example',
      details: { from: 'Portal', to: '=HYPERLINK("http://evil.example")' },
    });
    expect(rest).toEqual(['']);
  });
});

test('an address with filters that make no sense shows everything', () => {
  expect(toAuditFilter({ action: 'toString', range: 'x', from: 'never' }, 0)).toEqual({});
  expect(toAuditFilter({ actor: 'ada', action: 'APP_RENAMED', range: '1h' }, 7_200_000)).toEqual({
    actor: 'ada',
    actions: ['APP_RENAMED'],
    from: '1970-01-01T01:00:00.000Z',
  });
});
