import type { JSX } from 'solid-js';
import type { Submission } from '../api/submission.ts';
import { Button } from './button.tsx';
import { CancelButton, DialogActions } from './dialog.tsx';
import { Refused } from './refused.tsx';

interface DialogFormProps {
  submission: Pick<Submission, 'busy' | 'failure'>;
  /** The fields beside which a refusal stands, where it names one. */
  fields?: readonly string[];
  /** What the button that sends it says. */
  action: string;
  danger?: boolean;
  /** Why it cannot be sent now. */
  disabledReason?: string | undefined;
  onSubmit: () => Promise<void>;
  children: JSX.Element;
}

/** A form in a dialog: what was refused, its fields, and the buttons at the foot. */
export function DialogForm(props: DialogFormProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void props.onSubmit();
  };
  return (
    <form onSubmit={submit} novalidate class="flex flex-col gap-3">
      <Refused failure={props.submission.failure()} fields={props.fields} />
      {props.children}
      <DialogActions>
        <CancelButton />
        <Button
          type="submit"
          variant={props.danger ? 'danger' : 'primary'}
          busy={props.submission.busy()}
          disabledReason={props.disabledReason}
        >
          {props.action}
        </Button>
      </DialogActions>
    </form>
  );
}
