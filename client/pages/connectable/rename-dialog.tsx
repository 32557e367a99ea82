import { Show, createEffect, createSignal, on } from 'solid-js';
import type { Failure } from '../../api/mutate.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Notice } from '../../ui/states.tsx';

interface RenameDialogProps {
  open: boolean;
  label: string;
  name: string;
  description?: string;
  onRename: (name: string) => Promise<Failure | undefined>;
  onClose: () => void;
}

export function RenameDialog(props: RenameDialogProps) {
  const [name, setName] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<Failure>();
  // What is typed must survive a change of the name behind the dialog.
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setName(props.name);
        setFailure(undefined);
      },
    ),
  );
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    const refused = await props.onRename(name().trim());
    setBusy(false);
    setFailure(refused);
    if (!refused) props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={busy()}
      title="Rename"
      description={props.description}
    >
      <form onSubmit={(event) => void submit(event)} novalidate class="flex flex-col gap-3">
        <Show when={failure() && !failure()?.fields.name}>
          <Notice tone="bad">{failure()?.message}</Notice>
        </Show>
        <TextField
          label={props.label}
          autofocus
          value={name()}
          onInput={setName}
          error={failure()?.fields.name}
        />
        <DialogActions>
          <CancelButton />
          <Button type="submit" variant="primary" busy={busy()}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
