import { For } from 'solid-js';
import { exactUtc } from '../../format/time.ts';
import { Cell, Row, Table } from '../table.tsx';
import { timeLabel } from './plot-data.ts';
import type { ChartProps } from './series.ts';

/** The numbers of a chart, newest first, in the chart's own place. */
export function ValueTable(props: Pick<ChartProps, 'title' | 'series' | 'points' | 'format'>) {
  const columns = () => [{ label: 'UTC' }, ...props.series.map(({ name }) => ({ label: name, right: true }))];
  return (
    <div class="rounded-md border border-line">
      <Table label={props.title} columns={columns()} height="h-40">
        <For each={[...props.points].reverse()}>
          {(point) => (
            <Row>
              <Cell>
                <time datetime={point.at} title={exactUtc(point.at)} class="whitespace-nowrap">
                  {timeLabel(point.at, props.points)}
                </time>
              </Cell>
              <For each={point.values}>
                {(value) => <Cell right>{value === null ? '–' : props.format(value)}</Cell>}
              </For>
            </Row>
          )}
        </For>
      </Table>
    </div>
  );
}
