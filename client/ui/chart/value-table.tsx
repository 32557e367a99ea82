import { For } from 'solid-js';
import { Cell, Row, Table } from '../table.tsx';
import { Stamp } from '../time.tsx';
import type { Series } from './marks.tsx';
import type { ChartPoint } from './time-chart.tsx';

interface ValueTableProps {
  title: string;
  series: Series[];
  points: ChartPoint[];
  format: (value: number) => string;
}

/** The numbers of a chart, newest first, in the chart's own place. */
export function ValueTable(props: ValueTableProps) {
  const columns = () => [
    { label: 'Step (UTC)' },
    ...props.series.map(({ name }) => ({ label: name, right: true })),
  ];
  return (
    <div
      tabindex="0"
      role="region"
      aria-label={`Numbers of ${props.title}`}
      class="h-40.5 overflow-y-auto rounded-md border border-line"
    >
      <Table label={props.title} columns={columns()}>
        <For each={[...props.points].reverse()}>
          {(point) => (
            <Row>
              <Cell>
                <Stamp at={point.at} />
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
