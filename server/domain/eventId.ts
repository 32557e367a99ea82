const EVENT_ID = /^evt_[0-9a-z]{9}[0-9a-z]{3}[0-9a-z]{4,13}$/;

/** Whether a text has the shape of an event id. */
export function isEventId(text: string): boolean {
  return EVENT_ID.test(text);
}

/** The smallest id an event of this time (ms since the epoch) or later can have: a partition's bound, a filter's edge. */
export function eventIdFloor(time: number): string {
  return `evt_${Math.max(0, Math.floor(time)).toString(36).padStart(9, '0')}`;
}
