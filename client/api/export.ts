import type { FileFormat } from '../format/file-formats.ts';

/** More than a browser should hold at once; narrowed by time, the rest can be had as well. */
export const EXPORT_MOST = 50_000;

export interface ExportPage<Row> {
  rows: Row[];
  /** Where to read on; null: that was all. */
  next: string | null;
}

export interface Exported {
  parts: Blob[];
  count: number;
  /** Whether nothing was left out. */
  whole: boolean;
}

/**
 * Reads a list page by page and writes each page at once; only its text is kept, and that by the browser, outside of the
 * page's memory.
 *
 * @param read throws with a sentence for people when a page cannot be had
 * @param onRows is told the number of rows so far
 */
export async function exportList<Row>(
  read: (after: string | null) => Promise<ExportPage<Row>>,
  format: FileFormat<Row>,
  onRows: (count: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const { type } = format;
  const parts = [new Blob([format.head], { type })];
  let count = 0;
  let after: string | null = null;
  for (;;) {
    const page: ExportPage<Row> = await read(after);
    signal.throwIfAborted();
    parts.push(new Blob([format.lines(page.rows)], { type }));
    count += page.rows.length;
    onRows(count);
    if (page.next === null || count >= EXPORT_MOST) return { parts, count, whole: page.next === null };
    after = page.next;
  }
}
