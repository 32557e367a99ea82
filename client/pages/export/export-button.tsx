import Download from 'lucide-solid/icons/download';
import { Show, createSignal, onCleanup } from 'solid-js';
import type { Exported } from '../../api/export.ts';
import { EXPORT_MOST } from '../../api/export.ts';
import type { Format } from '../../format/file-formats.ts';
import { count } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { saveFile } from '../../ui/download.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Notice } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';

interface ExportButtonProps {
  /** What is exported, in the plural: "events". */
  what: string;
  /** Name of the file without its ending. */
  file: string;
  /** Whether something narrows the list. */
  narrowed: boolean;
  /** What can be had on top, in words. */
  extra?: string;
  run: (
    format: Format,
    extra: boolean,
    onRows: (count: number) => void,
    signal: AbortSignal,
  ) => Promise<Exported>;
}

/** Saves a list as a file, and says how far it has come. */
export function ExportButton(props: ExportButtonProps) {
  const [open, setOpen] = createSignal(false);
  const [format, setFormat] = createSignal<Format>('csv');
  const [extra, setExtra] = createSignal(false);
  const [rows, setRows] = createSignal<number>();
  const [problem, setProblem] = createSignal<string>();
  let running: AbortController | undefined;
  const stop = (): void => {
    running?.abort();
    running = undefined;
    setRows(undefined);
  };
  onCleanup(stop);
  const close = (): void => {
    stop();
    setProblem(undefined);
    setOpen(false);
  };
  const save = async (): Promise<void> => {
    if (running) return;
    const mine = (running = new AbortController());
    setProblem(undefined);
    setRows(0);
    try {
      const file = await props.run(format(), extra(), setRows, mine.signal);
      saveFile(`${props.file}.${format()}`, file.parts, file.parts[0]?.type ?? '');
      const part = `The file has the newest ${count(file.count)} ${props.what}. Narrow the time to get older ones.`;
      toast(file.whole ? `Exported ${count(file.count)} ${props.what}.` : part);
      close();
    } catch (error) {
      if (mine.signal.aborted) return;
      stop();
      setProblem((error as Error).message);
    }
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Download class="size-3.5" aria-hidden="true" />
        Export
      </Button>
      <Dialog
        open={open()}
        onClose={close}
        title={`Export ${props.what}`}
        description={
          props.narrowed
            ? `The ${props.what} that fit the filters, newest first, at most ${count(EXPORT_MOST)}.`
            : `The newest ${props.what}, at most ${count(EXPORT_MOST)}. Filters narrow what is exported.`
        }
      >
        <div class="flex flex-col gap-3">
          <Show when={problem()}>{(text) => <Notice tone="bad">{text()} Nothing was saved.</Notice>}</Show>
          <div class="flex items-center justify-between">
            <span class="font-medium">Format</span>
            <Segmented
              label="Format"
              value={format()}
              onChange={(value) => setFormat(value as Format)}
              options={[
                { value: 'csv', label: 'CSV' },
                { value: 'ndjson', label: 'NDJSON' },
              ]}
            />
          </div>
          <Show when={props.extra}>
            <label class="flex items-center gap-2">
              <input
                type="checkbox"
                class="size-4 accent-accent"
                checked={extra()}
                onChange={(event) => setExtra(event.currentTarget.checked)}
              />
              {props.extra}
            </label>
          </Show>
          <p role="status" class="min-h-5 text-ink-2">
            <Show when={rows() !== undefined}>
              {count(rows() ?? 0)} {props.what} read…
            </Show>
          </p>
        </div>
        <DialogActions>
          <CancelButton />
          <Button variant="primary" busy={rows() !== undefined} onClick={() => void save()}>
            Export
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
