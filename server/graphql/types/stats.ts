import type { Counts } from '../../domain/stats.ts';
import type { Types } from '../builder.ts';
import { builder } from '../builder.ts';
import { StatsRef } from '../refs.ts';

const StatsRangeEnum = builder.enumType('StatsRange', {
  description: 'How far back, and in what steps.',
  values: {
    HOUR: { value: 'hour', description: 'The last hour, a point a minute.' },
    DAY: { value: 'day', description: 'The last 24 hours, a point every 15 minutes.' },
    WEEK: { value: 'week', description: 'The last 7 days, a point every 2 hours.' },
    MONTH: { value: 'month', description: 'The last 30 days, a point every 8 hours.' },
  } as const,
});

export function statsArgs<Parent>(t: PothosSchemaTypes.ObjectFieldBuilder<Types, Parent>) {
  return { range: t.arg({ type: StatsRangeEnum, required: true, description: 'How far back.' }) };
}

type Fields = PothosSchemaTypes.ObjectFieldBuilder<Types, Counts>;

function counts(t: Fields) {
  const percentile = (share: string) =>
    `Latency that ${share} of the delivered events kept within, milliseconds from accepted to replied; null when none was delivered.`;
  return {
    delivered: t.exposeInt('delivered', { description: 'Number of events answered.' }),
    failed: t.exposeInt('failed', { description: 'Number of events that failed.' }),
    rejected: t.exposeInt('rejected', { description: 'Number of events rejected.' }),
    p50Ms: t.exposeFloat('p50Ms', { nullable: true, description: percentile('half') }),
    p95Ms: t.exposeFloat('p95Ms', { nullable: true, description: percentile('95 %') }),
    p99Ms: t.exposeFloat('p99Ms', { nullable: true, description: percentile('99 %') }),
  };
}

const StatsPoint = builder.objectRef<Counts & { at: Date }>('StatsPoint').implement({
  description: 'What ended within one step of a range.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the step began.' }),
    ...counts(t as unknown as Fields),
  }),
});

StatsRef.implement({
  description: 'How events ended and how long answers took, counted per minute as they ended.',
  fields: (t) => ({
    range: t.field({
      type: StatsRangeEnum,
      description: 'The range asked for.',
      resolve: ({ range }) => range,
    }),
    from: t.expose('from', { type: 'DateTime', description: 'The beginning of the first step.' }),
    to: t.expose('to', {
      type: 'DateTime',
      description: 'The end of the last step, which is still going on.',
    }),
    successRate: t.exposeFloat('successRate', {
      nullable: true,
      description: 'Delivered among delivered and failed, 0 to 1; null when there were neither.',
    }),
    ...counts(t as unknown as Fields),
    points: t.expose('points', {
      type: [StatsPoint],
      description: 'All steps, oldest first, empty ones included.',
    }),
  }),
});
