import type { JSX } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Refused } from '../../ui/refused.tsx';

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
  const submission = createSubmission();
  const close = (): void => {
    submission.forget();
    props.onClose();
  };
  const act = async () => ({ failure: await props.onConfirm() });
  const confirm = async (): Promise<void> => {
    if (submission.busy()) return;
    const { failure } = await submission.settle(act());
    if (!failure) close();
  };
  return (
    <Dialog open={props.open} onClose={close} busy={submission.busy()} title={props.title}>
      <div class="flex flex-col gap-3">
        <Refused failure={submission.failure()} />
        {props.children}
      </div>
      <DialogActions>
        <CancelButton />
        <Button
          variant={props.danger ? 'danger' : 'primary'}
          busy={submission.busy()}
          onClick={() => void confirm()}
        >
          {props.action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
