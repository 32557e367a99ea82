import type { StatsFieldsFragment } from '../../api/generated/graphql.ts';
import { latency, pause, percent } from '../../format/number.ts';
import { rate, stepMinutes } from '../../format/rate.ts';
import { TimeChart } from '../../ui/chart/time-chart.tsx';

interface StatsProps {
  stats: StatsFieldsFragment;
}

const outcomes = [
  { name: 'delivered', colour: '--ok' },
  { name: 'failed', colour: '--bad' },
  { name: 'rejected', colour: '--deny' },
];
const percentiles = [
  { name: 'p50', colour: '--accent-ink' },
  { name: 'p95', colour: '--wait', dash: [6, 4] },
  { name: 'p99', colour: '--bad', dash: [1, 4] },
];
/** Milliseconds that make round marks in milliseconds, seconds and minutes. */
const pauses = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600].map((seconds) => seconds * 1_000),
];
const success = [{ name: 'success rate', colour: '--ok' }];

/** Events per minute, stacked by how they ended. */
export function EventsChart(props: StatsProps) {
  const points = () => {
    const minutes = stepMinutes(props.stats.points, props.stats.to, Date.now());
    return props.stats.points.map(({ at, delivered, failed, rejected }, index) => ({
      at,
      values: [delivered, failed, rejected].map((count) => count / (minutes[index] ?? 1)),
    }));
  };
  return (
    <TimeChart
      title="Events"
      unit="per minute"
      kind="bars"
      series={outcomes}
      points={points()}
      format={rate}
    />
  );
}

/** How long answers took. */
export function LatencyChart(props: StatsProps) {
  const points = () =>
    props.stats.points.map(({ at, p50Ms, p95Ms, p99Ms }) => ({ at, values: [p50Ms, p95Ms, p99Ms] }));
  return (
    <TimeChart
      title="Latency"
      unit="until answered"
      kind="lines"
      series={percentiles}
      points={points()}
      format={latency}
      axis={pause}
      marks={pauses}
    />
  );
}

/** Delivered among delivered and failed. */
export function SuccessChart(props: StatsProps) {
  const points = () =>
    props.stats.points.map(({ at, delivered, failed }) => ({
      at,
      values: [delivered + failed === 0 ? null : delivered / (delivered + failed)],
    }));
  return (
    <TimeChart
      title="Success rate"
      unit="delivered of what ended"
      kind="lines"
      series={success}
      points={points()}
      format={percent}
      top={1}
    />
  );
}
