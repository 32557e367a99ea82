import Download from 'lucide-solid/icons/download';
import { Show, createSignal } from 'solid-js';
import type { Exported } from '../../api/export.ts';
import { EXPORT_MOST } from '../../api/export.ts';
import type { Format } from '../../format/file-formats.ts';
import { count } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Notice } from '../../ui/states.tsx';
import { createExporting } from './exporting.ts';

export interface ExportButtonProps {
  /** What is exported, in the plural: "events". */
  what: string;
  /** The same in the singular. */
  one: string;
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
  const exporting = createExporting(props, () => close());
  const close = (): void => {
    exporting.leave();
    setOpen(false);
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
        <Choices exporting={exporting} extra={props.extra} />
        <DialogActions>
          <CancelButton />
          <Button
            variant="primary"
            busy={exporting.rows() !== undefined}
            onClick={() => void exporting.save()}
          >
            Export
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}

interface ChoicesProps {
  exporting: ReturnType<typeof createExporting>;
  extra: string | undefined;
}

function Choices(props: ChoicesProps) {
  return (
    <div class="flex flex-col gap-3">
      <Show when={props.exporting.problem()}>
        {(text) => <Notice tone="bad">{text()} Nothing was saved.</Notice>}
      </Show>
      <div class="flex items-center justify-between">
        <span class="font-medium">Format</span>
        <Segmented
          label="Format"
          value={props.exporting.format()}
          onChange={(value) => props.exporting.setFormat(value as Format)}
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
            checked={props.exporting.extra()}
            onChange={(event) => props.exporting.setExtra(event.currentTarget.checked)}
          />
          {props.extra}
        </label>
      </Show>
      <p role="status" class="min-h-5 text-ink-2">
        <Show when={props.exporting.rows() !== undefined}>
          {count(props.exporting.rows() ?? 0)} {props.exporting.noun(props.exporting.rows() ?? 0)} read…
        </Show>
      </p>
    </div>
  );
}
