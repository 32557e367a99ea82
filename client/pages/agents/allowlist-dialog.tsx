import { Match, Switch } from 'solid-js';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Refused } from '../../ui/refused.tsx';
import { Notice } from '../../ui/states.tsx';
import type { AgentFound } from './agent-body.tsx';
import { AllowlistChoices } from './allowlist-choices.tsx';
import { createSaving, createTicks } from './allowlist-ticks.ts';

interface AllowlistDialogProps {
  agent: AgentFound;
  open: boolean;
  onClose: () => void;
}

/** Chooses all apps of an allowlist at once, and says beforehand what that will mean. */
export function AllowlistDialog(props: AllowlistDialogProps) {
  const id = () => props.agent.id;
  const open = () => props.open;
  const ticks = createTicks(id, open);
  const saving = createSaving(id, open, () => props.onClose());
  const untouched = () => ticks.change().allow.length + ticks.change().disallow.length === 0;
  return (
    <Dialog
      open={props.open}
      onClose={() => props.onClose()}
      busy={saving.busy()}
      title={`Who may reach ${props.agent.name}?`}
      description="Only the ticked apps may. With none ticked, every app may."
    >
      <div class="flex flex-col gap-3">
        <Refused failure={saving.failure()} />
        <AllowlistChoices
          ticked={ticks.ticked()}
          problem={ticks.problem()}
          onRetry={ticks.read}
          onTick={ticks.tick}
        />
        <Warning effect={ticks.effect()} agent={props.agent.name} />
      </div>
      <DialogActions>
        <CancelButton />
        <Button
          variant={ticks.effect() === 'opens' ? 'danger' : 'primary'}
          busy={saving.busy()}
          disabledReason={untouched() ? 'Nothing has changed.' : undefined}
          onClick={() => void saving.save(ticks.change(), ticks.effect() === 'opens')}
        >
          {ticks.effect() === 'opens' ? 'Open to every app' : 'Save allowlist'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Warning(props: { effect: 'opens' | 'closes' | null; agent: string }) {
  return (
    <Switch>
      <Match when={props.effect === 'opens'}>
        <Notice tone="bad">
          No app is ticked: without a list, every app of the organization may reach {props.agent}.
        </Notice>
      </Match>
      <Match when={props.effect === 'closes'}>
        <Notice tone="wait">
          Until now every app may reach {props.agent}. Events of those not ticked will be rejected.
        </Notice>
      </Match>
    </Switch>
  );
}
