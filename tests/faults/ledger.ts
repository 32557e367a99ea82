import { expect } from 'vitest';
import { verifyConservation } from '../../server/broker/conservation.ts';
import { disorder } from './agent.ts';
import type { App } from './app.ts';
import type { Figures } from './fault.ts';
import type { Site } from './site.ts';

interface Row {
  id: string;
  app_id: string;
  key: string | null;
  status: string;
  reply_content: string | null;
  error_code: string | null;
}

/**
 * Compares what the clients wrote down with what is stored: nothing lost, nothing doubled. Call it when every app is
 * settled. Adds how many events there were and how many outcomes came more than once.
 */
export async function clean(site: Site, figures: Figures = {}): Promise<void> {
  const rows = (await site.sql(
    'select id, app_id, idempotency_key as key, status, reply_content, error_code from event order by id',
  )) as unknown as Row[];
  const repeated = site.apps.map((app) => cleanApp(app, rows));
  expect(disorder(site.agents), 'order within sessions').toEqual([]);
  const found = await verifyConservation(site.databaseUrl, { now: Date.now(), retentionDays: 30 });
  expect(found.filter(({ violations }) => violations > 0)).toEqual([]);
  figures['events'] = rows.length;
  figures['outcomes again'] = repeated.reduce((sum, count) => sum + count, 0);
}

/** Returns how many outcomes the app got more than once. */
function cleanApp(app: App, rows: Row[]): number {
  expect(app.wrongs).toEqual([]);
  const mine = rows.filter((row) => row.app_id === app.owner.id);
  const byId = new Map(mine.map((row) => [row.id, row]));
  const wrong: string[] = [];
  for (const [key, eventId] of app.accepted) {
    const row = byId.get(eventId);
    if (!row) wrong.push(`${key}: accepted as ${eventId}, which is gone`);
    else if (row.key !== key) wrong.push(`${key}: ${eventId} has another key`);
  }
  for (const [eventId, texts] of app.outcomes) {
    const row = byId.get(eventId);
    const stored = row && outcomeOf(row);
    if (texts.some((text) => text !== stored))
      wrong.push(`${eventId}: ${texts.join(' | ')}, stored ${stored}`);
  }
  const keys = new Map<string, string>();
  for (const row of mine) {
    const key = row.key ?? '';
    if (keys.has(key)) wrong.push(`${key}: stored as ${keys.get(key)} and ${row.id}`);
    keys.set(key, row.id);
    if (!app.sent.has(key)) wrong.push(`${key}: stored and never sent`);
    if (row.status !== 'pending' && app.accepted.get(key) === row.id && !app.outcomes.has(row.id))
      wrong.push(`${row.id}: ${row.status}, and the app never heard of it`);
  }
  expect(wrong).toEqual([]);
  return [...app.outcomes.values()].filter((texts) => texts.length > 1).length;
}

function outcomeOf(row: Row): string | null {
  if (row.status === 'delivered') return JSON.parse(row.reply_content ?? 'null') as string;
  return row.status === 'failed' ? `!${row.error_code}` : null;
}
