import { createSignal, onCleanup } from 'solid-js';
import type { Format } from '../../format/file-formats.ts';
import { count } from '../../format/number.ts';
import { saveFile } from '../../ui/download.tsx';
import { toast } from '../../ui/toast.tsx';
import type { ExportButtonProps } from './export-button.tsx';

/**
 * Reads a list and saves it as a file.
 *
 * @param saved is called once it is
 */
export function createExporting(props: ExportButtonProps, saved: () => void) {
  const [format, setFormat] = createSignal<Format>('csv');
  const [extra, setExtra] = createSignal(false);
  /** How many rows are read; undefined while nothing is. */
  const [rows, setRows] = createSignal<number>();
  const [problem, setProblem] = createSignal<string>();
  const noun = (n: number): string => (n === 1 ? props.one : props.what);
  let running: AbortController | undefined;
  const stop = (): void => {
    running?.abort();
    running = undefined;
    setRows(undefined);
  };
  onCleanup(stop);
  const save = async (): Promise<void> => {
    if (running) return;
    const mine = (running = new AbortController());
    setProblem(undefined);
    setRows(0);
    try {
      const file = await props.run(format(), extra(), setRows, mine.signal);
      saveFile(`${props.file}.${format()}`, file.parts, file.parts[0]?.type ?? '');
      const part = `The file has the newest ${count(file.count)} ${props.what}. Narrow the time to get older ones.`;
      toast(file.whole ? `Exported ${count(file.count)} ${noun(file.count)}.` : part);
      saved();
    } catch (error) {
      if (mine.signal.aborted) return;
      stop();
      setProblem((error as Error).message);
    }
  };
  const leave = (): void => {
    stop();
    setProblem(undefined);
  };
  return { format, setFormat, extra, setExtra, rows, noun, problem, save, leave };
}
