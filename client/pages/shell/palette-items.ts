import Bot from 'lucide-solid/icons/bot';
import Boxes from 'lucide-solid/icons/boxes';
import CircleX from 'lucide-solid/icons/circle-x';
import MessagesSquare from 'lucide-solid/icons/messages-square';
import ScrollText from 'lucide-solid/icons/scroll-text';
import Search from 'lucide-solid/icons/search';
import type { Component } from 'solid-js';
import type { AnythingQuery, FindEventQuery } from '../../api/generated/graphql.ts';
import { SEARCH_RANGE } from '../../format/event-filter.ts';
import { places } from './places.ts';

export interface Item {
  id: string;
  group: 'Event' | 'Go to' | 'Apps' | 'Agents' | 'Search events';
  label: string;
  /** Beside the label, quieter. */
  note?: string;
  icon: Component<{ class?: string; 'aria-hidden'?: 'true' }>;
  href: string;
}

type Found = AnythingQuery['organization'] | undefined;

export const looksLikeEventId = (text: string): boolean => /^evt_[0-9a-z]{16,}$/.test(text);

/** Every word of what was typed has to be in it somewhere. */
function fits(label: string, typed: string): boolean {
  const lower = label.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

const go = [
  ...places.map(({ path, label, icon }) => ({ id: `go${path}`, group: 'Go to' as const, label, icon, path })),
  {
    id: 'go-failed',
    group: 'Go to' as const,
    label: 'Failed and rejected events of the last day',
    icon: CircleX,
    path: '/events?status=failed%2Crejected&range=24h',
  },
];

function searches(base: string, typed: string): Item[] {
  if (typed === '' || looksLikeEventId(typed)) return [];
  const events = (query: Record<string, string>): string =>
    `${base}/events?${new URLSearchParams(query).toString()}`;
  return [
    {
      id: 'search-thread',
      group: 'Search events',
      label: `In thread “${typed}”`,
      icon: MessagesSquare,
      href: events({ thread: typed }),
    },
    {
      id: 'search-text',
      group: 'Search events',
      label: `Payload or reply contains “${typed}”`,
      note: 'last 24 hours',
      icon: Search,
      href: events({ text: typed.slice(0, 200), range: SEARCH_RANGE }),
    },
  ];
}

/** What to offer for what was typed, in groups that follow each other. */
export function itemsFor(
  slug: string,
  typed: string,
  found: Found,
  event: FindEventQuery['event'] | undefined,
): Item[] {
  const base = `/${slug}`;
  const events: Item[] = event
    ? [
        {
          id: 'event',
          group: 'Event',
          label: event.eventId,
          note: `${event.status.toLowerCase()} · ${event.agentId}`,
          icon: ScrollText,
          href: `${base}/events/${event.eventId}`,
        },
      ]
    : [];
  const apps = (found?.apps.edges ?? []).map(({ node }): Item => ({
    id: `app-${node.id}`,
    group: 'Apps',
    label: node.name,
    note: node.appId,
    icon: Boxes,
    href: `${base}/apps/${encodeURIComponent(node.id)}`,
  }));
  const agents = (found?.agents.edges ?? []).map(({ node }): Item => ({
    id: `agent-${node.id}`,
    group: 'Agents',
    label: node.name,
    note: node.agentId,
    icon: Bot,
    href: `${base}/agents/${encodeURIComponent(node.id)}`,
  }));
  const pages = go
    .filter(({ label }) => typed === '' || fits(label, typed))
    .map(({ path, ...item }): Item => ({ ...item, href: `${base}${path}` }));
  // What was found may still be of what was typed before.
  const named = [...apps, ...agents].filter(({ label, note }) => fits(`${label} ${note}`, typed));
  return [...events, ...pages, ...named, ...searches(base, typed)];
}
