import type { StatsFieldsFragment } from '../../api/generated/graphql.ts';
import { latency, pause, percent } from '../../format/number.ts';
import { rate, stepMinutes } from '../../format/rate.ts';
import { TimeChart } from '../../ui/chart/time-chart.tsx';

interface StatsProps {
  stats: StatsFieldsFragment;
}

const outcomes = [
  { name: 'delivered', look: 'fill-ok' },
  { name: 'failed', look: 'fill-bad' },
  { name: 'rejected', look: 'fill-deny' },
];
const percentiles = [
  { name: 'p50', look: 'stroke-accent-ink' },
  { name: 'p95', look: 'stroke-wait', dash: '6 4' },
  { name: 'p99', look: 'stroke-bad', dash: '1 4' },
];
const success = [{ name: 'success rate', look: 'stroke-ok' }];

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
