import { describe, expect, test } from 'vitest';
import type { AuditRowFragment } from '../../client/api/generated/graphql.ts';
import { auditFormats, detailWords, toAuditFilter } from '../../client/format/audit.ts';
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

test('details are told in the words of the pages, lengths of time in their units', () => {
  expect(detailWords([{ name: 'graceSeconds', value: '86400' }])).toBe('grace: 1d');
  expect(detailWords([{ name: 'graceSeconds', value: '0' }])).toBe('grace: 0s');
  expect(
    detailWords([
      { name: 'timeoutSeconds', value: '120 → 90' },
      { name: 'maxInFlight', value: '64 → 8' },
    ]),
  ).toBe('timeout: 2m → 1m 30s; events at once: 64 → 8');
  expect(detailWords([{ name: 'handOver', value: 'true' }])).toBe('answer handed over: true');
  expect(detailWords(entry().details)).toMatch(/^from: Portal; to: =/);
});

describe('a downloaded log', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['\uff0b1', "'\uff0b1"],
    ['\uff0d1', "'\uff0d1"],
    ['\uff20SUM(A1)', "'\uff20SUM(A1)"],
    [' =1', "' =1"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1+1', "'\n'=1+1"],
    ['\tx', "'\tx"],
    ['x;=HYPERLINK(A1);y', "x;'=HYPERLINK(A1);y"],
    ['x; =1', "x;' =1"],
    ['x\t+1', "x\t'+1"],
    ['x\r\n-1', "x\r\n'-1"],
    ['x\n@A1', "x\n'@A1"],
    ['x;\uff1d1', "x;'\uff1d1"],
    // To whom quotes in the middle of a line mean nothing, doubled ones are an empty text before what follows.
    ['x;"=1+1;y', `x;'""=1+1;y`],
  ])('has no formula wherever a spreadsheet may begin a cell: %j', (text, inert) => {
    const cell = csvCell(text);
    expect(cell).toBe(`"${inert}"`);
    for (const piece of `x,${cell},y`.split(/[;\t\r\n]/))
      expect(piece).not.toMatch(/^[" ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
    // RFC 4180: to a program that reads it, nothing but apostrophes came to it.
    expect(cell.slice(1, -1).replaceAll('""', '"').replaceAll("'", '')).toBe(text);
  });

  test.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['a\tb', '"a\tb"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['from: =1; to: =2', '"from: =1; to: =2"'],
    ['a=b', 'a=b'],
    ['a - b', 'a - b'],
    ['', ''],
  ])('quotes %j as it must, and changes nothing in it', (text, cell) => {
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
