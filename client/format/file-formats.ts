/** A kind of file with a line for each row: it can be written piece by piece. */
export interface FileFormat<Row> {
  /** Its media type. */
  type: string;
  /** What comes before the first line. */
  head: string;
  lines: (rows: Row[]) => string;
}

export type Format = 'csv' | 'ndjson';

/** A cell that no spreadsheet takes for a formula: names, payloads and replies are other people's words. */
export function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

const csvLine = (cells: string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/**
 * How rows are written: as CSV (RFC 4180, with a header line) and as NDJSON, one object a line.
 *
 * @param columns of the CSV file, by their names
 */
export function fileFormats<Row>(
  columns: Record<string, (row: Row) => string>,
  object: (row: Row) => object,
): Record<Format, FileFormat<Row>> {
  const cells = Object.values(columns);
  return {
    csv: {
      type: 'text/csv;charset=utf-8',
      head: csvLine(Object.keys(columns)),
      lines: (rows) => rows.map((row) => csvLine(cells.map((cell) => cell(row)))).join(''),
    },
    ndjson: {
      type: 'application/x-ndjson',
      head: '',
      lines: (rows) => rows.map((row) => `${JSON.stringify(object(row))}\n`).join(''),
    },
  };
}
