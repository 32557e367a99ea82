import type { EventFilter, EventStatus } from '../api/generated/graphql.ts';

/** The filters as they stand in the address; `range` is relative, `from` and `to` are `2026-04-07T10:15`, UTC. */
export type FilterQuery = Record<'status' | 'app' | 'agent' | 'thread' | 'code' | 'text', string> & TimeQuery;

export type TimeQuery = Record<'range' | 'from' | 'to', string>;

export const ranges: Record<string, { label: string; ms: number }> = {
  '15m': { label: 'Last 15 minutes', ms: 900_000 },
  '1h': { label: 'Last hour', ms: 3_600_000 },
  '24h': { label: 'Last 24 hours', ms: 86_400_000 },
  '7d': { label: 'Last 7 days', ms: 604_800_000 },
};

/** How far back a text is looked for when nothing else is said: the API wants an end to it. */
export const SEARCH_RANGE = '24h';

const statuses = new Set<string>(['PENDING', 'DELIVERED', 'FAILED', 'REJECTED']);

const instant = (text: string | undefined): string | undefined => {
  const at = text ? Date.parse(`${text}Z`) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

/** The ends of a time that an address stands for, ISO 8601. */
export function timeOf(query: Partial<TimeQuery>, now: number): { from?: string; to?: string } {
  const range = ranges[query.range ?? ''];
  const from = range ? new Date(now - range.ms).toISOString() : instant(query.from);
  const to = range ? undefined : instant(query.to);
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

/** The filter of the API that an address stands for; whatever makes no sense is left out. */
export function toFilter(query: Partial<FilterQuery>, now: number): EventFilter {
  const status = (query.status ?? '')
    .toUpperCase()
    .split(',')
    .filter((name): name is EventStatus => statuses.has(name));
  const time = timeOf(query, now);
  const bounded = query.text && !time.from ? timeOf({ range: SEARCH_RANGE }, now) : {};
  return {
    ...(status.length > 0 ? { status } : {}),
    ...(query.app ? { appId: query.app } : {}),
    ...(query.agent ? { agentId: query.agent } : {}),
    ...(query.thread ? { threadId: query.thread } : {}),
    ...(query.code ? { code: query.code } : {}),
    ...(query.text ? { text: query.text } : {}),
    ...time,
    ...bounded,
  };
}
