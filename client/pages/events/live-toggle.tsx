import { Button } from '../../ui/button.tsx';

/** Whether new events come in by themselves; a filled dot while they do, a hollow one while they wait. */
export function LiveToggle(props: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Button
      aria-pressed={props.on}
      title={props.on ? 'New events come in by themselves (L)' : 'New events wait until you ask for them (L)'}
      onClick={() => props.onChange(!props.on)}
    >
      <span
        class="size-2 rounded-full border-[1.5px] border-current"
        classList={{ 'bg-current text-ok animate-breathe': props.on, 'text-ink-3': !props.on }}
        aria-hidden="true"
      />
      Live
    </Button>
  );
}
