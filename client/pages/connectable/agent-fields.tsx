import { For, createEffect } from 'solid-js';
import { TextAreaField, TextField } from '../../ui/field.tsx';

export interface AgentSettings {
  description: string;
  timeoutSeconds: number;
  maxSeconds: number;
  queueSeconds: number;
  maxInFlight: number;
}

/** The protocol's own defaults. */
export const agentDefaults: AgentSettings = {
  description: '',
  timeoutSeconds: 120,
  maxSeconds: 3_600,
  queueSeconds: 86_400,
  maxInFlight: 64,
};

const numbers = [
  {
    key: 'timeoutSeconds',
    label: 'Timeout (seconds)',
    description: 'An event fails when the agent says nothing about it for this long.',
  },
  {
    key: 'maxSeconds',
    label: 'Longest answer (seconds)',
    description: 'An event fails after this long in all.',
  },
  {
    key: 'queueSeconds',
    label: 'Wait while offline (seconds)',
    description: 'An event waits at most this long for the agent to connect.',
  },
  {
    key: 'maxInFlight',
    label: 'Events at once',
    description: 'Given to each connection at the same time, at most.',
  },
] as const;

/** What a refusal of these settings may name. */
export const agentFields = Object.keys(agentDefaults);

/** Whether every number is there; one that is being typed may be empty for a moment. */
export const isComplete = (settings: AgentSettings): boolean =>
  numbers.every(({ key }) => !Number.isNaN(settings[key]));

interface AgentFieldsProps {
  value: AgentSettings;
  onChange: (change: Partial<AgentSettings>) => void;
  errors: Record<string, string>;
  /** Shows the numbers without asking. */
  unfolded?: boolean;
}

export function AgentFields(props: AgentFieldsProps) {
  let numbersFold: HTMLDetailsElement | undefined;
  /** What is wrong with a number has to be seen. */
  const unfoldWrong = (): void => {
    const wrong = numbers.some(({ key }) => props.errors[key] !== undefined);
    if (numbersFold && (wrong || !isComplete(props.value))) numbersFold.open = true;
  };
  createEffect(unfoldWrong);
  return (
    <>
      <TextAreaField
        label="Description"
        description="What it is good at. Apps see this when they look for agents."
        rows={2}
        value={props.value.description}
        onInput={(description) => props.onChange({ description })}
        error={props.errors.description}
      />
      <details ref={numbersFold} open={props.unfolded} onToggle={unfoldWrong}>
        <summary class="rounded font-medium text-ink-2 hover:text-ink">Timeouts and limits</summary>
        <div class="mt-3 grid gap-x-3 gap-y-1 sm:grid-cols-2 [&>div]:row-span-4 [&>div]:mb-2 [&>div]:grid [&>div]:grid-rows-subgrid">
          <For each={numbers}>
            {(number) => (
              <TextField
                label={number.label}
                description={number.description}
                type="number"
                min="1"
                inputmode="numeric"
                value={Number.isNaN(props.value[number.key]) ? '' : String(props.value[number.key])}
                onInput={(text) =>
                  props.onChange({ [number.key]: text === '' ? NaN : Math.round(Number(text)) })
                }
                error={Number.isNaN(props.value[number.key]) ? 'Enter a number.' : props.errors[number.key]}
              />
            )}
          </For>
        </div>
      </details>
    </>
  );
}
