import { describe, expect, test } from 'vitest';
import { exportList } from '../../client/api/export.ts';
import type { ExportedEvent } from '../../client/format/event-export.ts';
import { eventFormats } from '../../client/format/event-export.ts';

const event = (n: number, more: Partial<ExportedEvent> = {}): ExportedEvent => ({
  eventId: `evt_${n}`,
  acceptedAt: '2026-04-07T10:15:00.000Z',
  status: 'FAILED',
  origin: 'APP',
  agentId: 'athena',
  threadId: '=HYPERLINK("http://evil.example")',
  attempts: 1,
  latencyMs: null,
  settledAt: null,
  app: { id: 'x', appId: 'portal' },
  error: { code: 'AGENT_ERROR', message: 'No.' },
  ...more,
});
const text = (parts: Blob[]): Promise<string> => new Blob(parts).text();
const never = new AbortController().signal;

describe('exported events', () => {
  test('are CSV that no spreadsheet computes, with bodies only when asked for', async () => {
    const { csv } = eventFormats(false);
    expect(csv.head).not.toContain('payload');
    expect(csv.lines([event(1)])).toBe(
      `evt_1,2026-04-07T10:15:00.000Z,failed,portal,athena,"'=HYPERLINK(""http://evil.example"")",app,1,,,AGENT_ERROR,No.\r\n`,
    );
    const whole = eventFormats(true).csv;
    expect(whole.head).toContain(',payload,reply\r\n');
    expect(whole.lines([event(1, { payload: '{"a":1}', reply: null })])).toMatch(/,"\{""a"":1\}",\r\n$/);
  });

  test('are NDJSON whose payloads are the text that was sent', () => {
    const payload = '{"n":12345678901234567890}';
    const line = eventFormats(true).ndjson.lines([event(1, { payload, reply: '"ok"' })]);
    expect(JSON.parse(line)).toMatchObject({ event_id: 'evt_1', status: 'failed', payload, reply: '"ok"' });
    expect(JSON.parse(eventFormats(false).ndjson.lines([event(1)]))).not.toHaveProperty('payload');
  });

  test('are read page by page to the end, and the reader is told how far it is', async () => {
    const pages = [
      { rows: [event(1), event(2)], next: 'a' },
      { rows: [event(3)], next: null },
    ];
    const asked: (string | null)[] = [];
    const told: number[] = [];
    const read = async (after: string | null) => {
      asked.push(after);
      return pages[asked.length - 1]!;
    };
    const file = await exportList(read, eventFormats(false).ndjson, (n) => told.push(n), never);
    expect([asked, told]).toEqual([
      [null, 'a'],
      [2, 3],
    ]);
    expect(file).toMatchObject({ count: 3, whole: true });
    expect((await text(file.parts)).trim().split('\n')).toHaveLength(3);
  });

  test('stop at their limit, and say that there is more', async () => {
    const rows = Array.from({ length: 25_000 }, (_, n) => event(n));
    const file = await exportList(
      async () => ({ rows, next: 'on' }),
      eventFormats(false).csv,
      () => {},
      never,
    );
    expect(file).toMatchObject({ count: 50_000, whole: false });
  });

  test('are no file when they are called off or cannot be read', async () => {
    const abort = new AbortController();
    const stop = async () => {
      abort.abort();
      return { rows: [event(1)], next: 'on' };
    };
    const { csv } = eventFormats(false);
    await expect(exportList(stop, csv, () => {}, abort.signal)).rejects.toThrow('abort');
    const fail = () => Promise.reject(new Error('Relay cannot be reached.'));
    await expect(exportList(fail, csv, () => {}, never)).rejects.toThrow('Relay cannot be reached.');
  });
});
