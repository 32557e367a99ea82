import { latencyBounds, percentile } from './latency.ts';
import type { Queries } from './reader.ts';

export type StatsRange = 'hour' | 'day' | 'week' | 'month';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The span of a range and of each of its points, milliseconds: 60 to 96 points, whatever the range. */
export const ranges: Record<StatsRange, { span: number; step: number }> = {
  hour: { span: HOUR, step: MINUTE },
  day: { span: 24 * HOUR, step: 15 * MINUTE },
  week: { span: 7 * 24 * HOUR, step: 2 * HOUR },
  month: { span: 30 * 24 * HOUR, step: 8 * HOUR },
};

export interface Counts {
  delivered: number;
  failed: number;
  rejected: number;
  /** Milliseconds; null where nothing was delivered. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

export interface Stats extends Counts {
  range: StatsRange;
  from: Date;
  to: Date;
  /** Delivered among delivered and failed, 0–1; null where there were neither. */
  successRate: number | null;
  points: (Counts & { at: Date })[];
}

export interface StatsScope {
  organizationId: string;
  appId?: string | null;
  agentId?: string | null;
}

type Status = 'delivered' | 'failed' | 'rejected';

interface Slot extends Record<Status, number> {
  latency: number[];
}

/** Stands in a tally for all apps, or all agents, of an organisation. */
export const EVERY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

// What is counted is in exactly one of the two, seen in one snapshot. In floating point: extract() alone would make the
// arithmetic of every row numeric.
const COUNTS = `
select floor(date_part('epoch', at - $3::timestamptz) * 1000 / $2::float8)::int as slot, status, bucket, sum(count)::int as count
from (
  select at, status, bucket, count from tally
  where organization_id = $1 and app_id = coalesce($5::uuid, '${EVERY}') and agent_id = coalesce($6::uuid, '${EVERY}')
    and at >= $3 and at < $4
  union all
  select minute, status, bucket, count from rollup
  where organization_id = $1 and minute >= $3 and minute < $4
    and ($5::uuid is null or app_id = $5) and ($6::uuid is null or agent_id = $6)
) counted
group by 1, 2, 3`;

/** Never reads an event: tallies and rollups count how they end. */
export async function statsOf(
  reader: Queries,
  scope: StatsScope,
  range: StatsRange,
  now: number,
): Promise<Stats> {
  const { span, step } = ranges[range];
  // The last point is the one now lies in, so that what just happened is on the chart.
  const end = Math.floor(now / step) * step + step;
  const start = end - span;
  const slots = Array.from({ length: span / step }, emptySlot);
  const parameters = [scope.organizationId, step, new Date(start), new Date(end), scope.appId, scope.agentId];
  await addCounts(reader, slots, parameters);
  return {
    range,
    from: new Date(start),
    to: new Date(end),
    ...summary(slots),
    points: slots.map((slot, index) => ({ at: new Date(start + index * step), ...countsOf(slot) })),
  };
}

function emptySlot(): Slot {
  return { delivered: 0, failed: 0, rejected: 0, latency: latencyBounds.map(() => 0) };
}

async function addCounts(reader: Queries, slots: Slot[], parameters: unknown[]): Promise<void> {
  const { rows } = await reader.query<{ slot: number; status: Status; bucket: number; count: number }>({
    name: 'stats-counts',
    text: COUNTS,
    values: parameters,
  });
  for (const row of rows) {
    const slot = slots[row.slot];
    if (!slot) continue;
    slot[row.status] += row.count;
    if (row.status === 'delivered') slot.latency[row.bucket] = row.count;
  }
}

function countsOf(slot: Slot): Counts {
  const { delivered, failed, rejected, latency } = slot;
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((q) => percentile(latency, q)) as [
    number | null,
    number | null,
    number | null,
  ];
  return { delivered, failed, rejected, p50Ms, p95Ms, p99Ms };
}

function summary(slots: readonly Slot[]): Counts & { successRate: number | null } {
  const total = emptySlot();
  for (const slot of slots) {
    total.delivered += slot.delivered;
    total.failed += slot.failed;
    total.rejected += slot.rejected;
    for (const [bucket, count] of slot.latency.entries()) total.latency[bucket]! += count;
  }
  const finished = total.delivered + total.failed;
  return { ...countsOf(total), successRate: finished === 0 ? null : total.delivered / finished };
}
