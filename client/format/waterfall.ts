import type { TimelineKind } from '../api/generated/graphql.ts';

interface Step {
  kind: TimelineKind;
  /** ISO 8601, UTC. */
  at: string;
  attempt?: number | null;
}

export type BarKind = 'waiting' | 'thinking' | 'streaming' | 'handing-over';

/** One stretch of time, milliseconds from the event's acceptance. */
export interface Bar {
  kind: BarKind;
  from: number;
  to: number;
}

export interface WaterfallRow {
  label: string;
  bars: Bar[];
  /** How it ended; `open`: it has not. */
  end: 'fine' | 'bad' | 'open';
}

const ENDS = new Set<TimelineKind>(['REPLIED', 'FAILED', 'REJECTED', 'CONNECTION_LOST', 'TIMED_OUT']);
const SETTLED = new Set<TimelineKind>(['REPLIED', 'FAILED', 'REJECTED']);

function attemptRow(steps: Step[], index: number, ms: (step: Step) => number, now: number): WaterfallRow {
  const dispatch = steps[index]!;
  const later = steps.slice(index + 1);
  const end = later.find(({ kind }) => ENDS.has(kind) || kind === 'DISPATCHED');
  const [from, to] = [ms(dispatch), end ? ms(end) : now];
  const first = later.find(({ kind }) => kind === 'FIRST_TOKEN');
  const token = first && ms(first) <= to ? ms(first) : undefined;
  const bars: Bar[] =
    token === undefined
      ? [{ kind: 'thinking', from, to }]
      : [
          { kind: 'thinking', from, to: token },
          { kind: 'streaming', from: token, to },
        ];
  return {
    label: `Attempt ${dispatch.attempt ?? 1}`,
    bars,
    end: !end ? 'open' : end.kind === 'REPLIED' ? 'fine' : 'bad',
  };
}

/**
 * Where an event's time went: waiting for the agent, each attempt with its first token, and the way back to the app.
 *
 * @param steps the timeline, oldest first
 * @param now ms since the epoch, the end of what is still under way
 */
export function waterfall(steps: Step[], now: number): { rows: WaterfallRow[]; length: number } {
  const begin = Date.parse(steps[0]?.at ?? '');
  if (Number.isNaN(begin)) return { rows: [], length: 0 };
  const ms = (step: Step): number => Math.max(0, Date.parse(step.at) - begin);
  const present = Math.max(0, now - begin);
  const settled = steps.find(({ kind }) => SETTLED.has(kind));
  const rows: WaterfallRow[] = [];
  let free = 0;
  steps.forEach((step, index) => {
    if (step.kind !== 'DISPATCHED') return;
    const label = rows.length === 0 ? 'Queued' : 'Queued again';
    rows.push({ label, bars: [{ kind: 'waiting', from: free, to: ms(step) }], end: 'fine' });
    const attempt = attemptRow(steps, index, ms, present);
    rows.push(attempt);
    free = attempt.bars.at(-1)!.to;
  });
  const last = rows.at(-1);
  if (!settled && last?.end !== 'open') {
    const label = last ? 'Queued again' : 'Queued';
    rows.push({ label, bars: [{ kind: 'waiting', from: free, to: present }], end: 'open' });
  } else if (settled && !last) {
    const end = settled.kind === 'REPLIED' ? 'fine' : 'bad';
    rows.push({ label: 'Queued', bars: [{ kind: 'waiting', from: 0, to: ms(settled) }], end });
  }
  const handed = steps.find(({ kind }) => kind === 'HANDED_OVER');
  if (settled && handed) {
    const bars: Bar[] = [{ kind: 'handing-over', from: ms(settled), to: ms(handed) }];
    rows.push({ label: 'Handed over', bars, end: 'fine' });
  }
  return { rows, length: Math.max(...rows.flatMap(({ bars }) => bars.map(({ to }) => to)), 1) };
}
