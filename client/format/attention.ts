import type { AttentionKind } from '../api/generated/graphql.ts';
import { count } from './number.ts';
import { countdown, span } from './time.ts';

export interface AttentionItem {
  kind: AttentionKind;
  since: string | null;
  until: string | null;
  count: number | null;
  total: number | null;
}

const events = (n: number): string => (n === 1 ? '1 event' : `${count(n)} events`);
/** Counted no further than a thousand. */
const waiting = (n: number): string => (n >= 1_000 ? '1,000 or more events' : events(n));
const instances = (n: number, of: number): string =>
  `${count(n)} of ${count(of)} ${of === 1 ? 'instance' : 'instances'}`;

/** What is the matter, after the name of what it is about. `now` in ms since the epoch. */
export function attentionText({ kind, since, until, count: n, total }: AttentionItem, now: number): string {
  const ago = since ? span(now - Date.parse(since)) : '';
  if (kind === 'DISCONNECTED')
    return `is disconnected, last connected ${ago} ago${n ? `; ${waiting(n)} ${n === 1 ? 'waits' : 'wait'} for it` : ''}`;
  if (kind === 'FAILING') return `failed ${count(n ?? 0)} of ${events(total ?? 0)} in the last hour`;
  if (kind === 'REJECTED') return `had ${events(n ?? 0)} rejected in the last 24 hours`;
  if (kind === 'TOKEN_OLD') return `uses a token that is ${ago.replace('d', '')} days old`;
  const left = until ? countdown(until, now) : '0:00';
  return total
    ? `loses its old token in ${left}; ${instances(n ?? 0, total)} still ${n === 1 ? 'uses' : 'use'} it`
    : `loses its old token in ${left}`;
}

/** Where to look into it, below the organisation's address. */
export function attentionPath(kind: AttentionKind, type: 'App' | 'Agent', id: string): string {
  const encoded = encodeURIComponent(id);
  if (kind === 'FAILING') return `events?agent=${encoded}&status=failed&range=1h`;
  if (kind === 'REJECTED') return `events?app=${encoded}&status=rejected&range=24h`;
  return `${type === 'App' ? 'apps' : 'agents'}/${encoded}`;
}
