import { createEffect, createSignal, on } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { createSubmission } from '../../api/submission.ts';
import { DialogForm } from '../../ui/dialog-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';

interface RenameDialogProps {
  open: boolean;
  label: string;
  name: string;
  description?: string;
  onRename: (name: string) => Promise<Failure | undefined>;
  onClose: () => void;
}

export function RenameDialog(props: RenameDialogProps) {
  /** Survives a change of the name behind the dialog, which is shown, and kept, for as long as nothing is typed. */
  const [typed, setTyped] = createSignal<string>();
  const name = () => typed() ?? props.name;
  const submission = createSubmission();
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setTyped(undefined);
        submission.forget();
      },
    ),
  );
  const rename = async () => ({ failure: await props.onRename(name().trim()) });
  const submit = async (): Promise<void> => {
    if (submission.busy()) return;
    const { failure } = await submission.settle(rename());
    if (!failure) props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={submission.busy()}
      title="Rename"
      description={props.description}
    >
      <DialogForm submission={submission} fields={['name']} action="Save" onSubmit={submit}>
        <TextField
          label={props.label}
          autofocus
          value={name()}
          onInput={setTyped}
          error={submission.failure()?.fields.name}
        />
      </DialogForm>
    </Dialog>
  );
}
