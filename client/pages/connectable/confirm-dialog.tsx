import type { JSX } from 'solid-js';
import { Show, createSignal } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/states.tsx';

interface ConfirmDialogProps {
  open: boolean;
  title: string;
  action: string;
  danger?: boolean;
  children: JSX.Element;
  /** Does it; a failure is shown and the dialog stays. */
  onConfirm: () => Promise<Failure | undefined>;
  onClose: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  const close = (): void => {
    setFailure(undefined);
    props.onClose();
  };
  const confirm = async (): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    const refused = await props.onConfirm();
    setBusy(false);
    setFailure(refused);
    if (!refused) close();
  };
  return (
    <Dialog open={props.open} onClose={close} busy={busy()} title={props.title}>
      <div class="flex flex-col gap-3">
        <Show when={failure()}>{(refused) => <Notice tone="bad">{refused().message}</Notice>}</Show>
        {props.children}
      </div>
      <DialogActions>
        <CancelButton />
        <Button variant={props.danger ? 'danger' : 'primary'} busy={busy()} onClick={() => void confirm()}>
          {props.action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
