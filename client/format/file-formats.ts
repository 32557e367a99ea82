/** A kind of file with a line for each row: it can be written piece by piece. */
export interface FileFormat<Row> {
  /** Its media type. */
  type: string;
  /** What comes before the first line. */
  head: string;
  lines: (rows: Row[]) => string;
}

export type Format = 'csv' | 'ndjson';

/**
 * Where a spreadsheet may begin a cell and take what follows for a formula, also in full width. Each begins one at a comma.
 * Where lists are written with semicolons, Excel splits there, at tabs or at line breaks instead, and then quotes in the middle
 * of a line mean nothing to it: doubled ones are an empty text before the formula.
 */
const FORMULA =
  /^(?=[" ]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])|(?<=[;\t\r\n])(?=[" ]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/**
 * A cell in which no spreadsheet finds a formula: names, payloads and replies are other people's words. An apostrophe goes
 * before whatever would begin one, which makes it a text, and all that anybody might split is quoted. Text without formulas
 * stays as it is; exact in any case is NDJSON.
 */
export function csvCell(text: string): string {
  const inert = text.replace(FORMULA, "'");
  return /[",;\t\r\n']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
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
