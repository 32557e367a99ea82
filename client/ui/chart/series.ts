export interface Series {
  name: string;
  /** The name of the CSS variable that holds its colour. */
  colour: string;
  /** Tells lines apart without their colour: lengths of dashes and gaps, px. */
  dash?: number[];
}

export interface ChartPoint {
  /** ISO 8601: when the step began. */
  at: string;
  /** One for each series; null where there is nothing to tell. */
  values: (number | null)[];
}

export interface ChartProps {
  title: string;
  /** What the axis counts: "per minute", "ms". */
  unit: string;
  /** Bars stand on top of each other, lines each for themselves. */
  kind: 'bars' | 'lines';
  series: Series[];
  points: ChartPoint[];
  format: (value: number) => string;
  /** The axis' labels, where the values' own would be too long. */
  axis?: (value: number) => string;
  /** Distances that marks on the axis may have, where they are not to be 1, 2 or 5 of something. */
  marks?: number[];
  /** The top of the axis, where it does not follow the values. */
  top?: number;
}
