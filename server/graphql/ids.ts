import { isEventId } from '../domain/eventId.ts';
import { isRowId } from '../domain/id.ts';

/** Types whose global id carries a row id. */
export type RowType =
  'Organization' | 'User' | 'Membership' | 'Invitation' | 'Session' | 'App' | 'Agent' | 'ApiKey';

export interface GlobalId {
  type: string;
  id: string;
}

/** The parts of a global id, read strictly: a text that is not exactly what Relay writes is no id at all. */
export function parseGlobalId(text: string): GlobalId | null {
  const decoded = Buffer.from(text.slice(0, 200), 'base64').toString();
  const [, type = '', id = ''] = /^([A-Za-z]+):([0-9a-z_-]+)$/.exec(decoded) ?? [];
  return type !== '' && globalId(type, id) === text ? { type, id } : null;
}

export function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}

/** The row id in a global id of this type; null for anything else, which then counts as absent. */
export function rowId(type: RowType, text: string): string | null {
  const parsed = parseGlobalId(text);
  return parsed?.type === type && isRowId(parsed.id) ? parsed.id : null;
}

/** The `evt_…` id in a global id, or given as it is. */
export function eventId(text: string): string | null {
  if (isEventId(text)) return text;
  const parsed = parseGlobalId(text);
  return parsed?.type === 'Event' && isEventId(parsed.id) ? parsed.id : null;
}
