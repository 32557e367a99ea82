import type { StatsRange } from '../../api/generated/graphql.ts';

/** How far back a chart looks, as it stands in the address. */
export const ranges: { value: string; label: string; range: StatsRange }[] = [
  { value: '1h', label: '1 h', range: 'HOUR' },
  { value: '24h', label: '24 h', range: 'DAY' },
  { value: '7d', label: '7 d', range: 'WEEK' },
  { value: '30d', label: '30 d', range: 'MONTH' },
];

export const rangeOf = (value: string | undefined): { value: string; range: StatsRange } =>
  ranges.find((each) => each.value === value) ?? { value: '24h', range: 'DAY' };
