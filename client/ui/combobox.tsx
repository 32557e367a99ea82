import ChevronDown from 'lucide-solid/icons/chevron-down';
import { createUniqueId } from 'solid-js';
import { createCombobox, pressed } from './combobox-state.ts';
import type { Option } from './options.tsx';
import { Options } from './options.tsx';

export interface ComboboxProps {
  label: string;
  /** Of the input, when a label for it stands beside it. */
  id?: string | undefined;
  /** Also the first option where choosing none is one. */
  placeholder: string;
  /** May none be chosen? It is then an option without a value. */
  optional?: boolean | undefined;
  /** Those that fit what is searched for, as far as they are known; older ones while it is looked for. */
  options: Option[];
  /** Is it being looked for? */
  looking: boolean;
  /** What there is to say below them, or while there are none. */
  remark: string;
  /** The one that was chosen; empty: none is. */
  value: string;
  /** What that is called. */
  chosen: string;
  onChoose: (option: Option) => void;
  /** Told what is typed, a moment after the last key, and undefined while nobody chooses. */
  onSearch: (text: string | undefined) => void;
  /** The end of the options is in sight. */
  onMore: () => void;
  class?: string | undefined;
}

/** One of more than a list can show: found by typing a part of its name. */
export function Combobox(props: ComboboxProps) {
  const id = createUniqueId();
  let input: HTMLInputElement | undefined;
  const box = createCombobox(props, () => input);
  return (
    <span class={`relative inline-flex ${props.class ?? ''}`}>
      <input
        ref={input}
        id={props.id}
        role="combobox"
        aria-label={props.id ? undefined : props.label}
        aria-expanded={box.open()}
        aria-controls={`${id}-list`}
        aria-activedescendant={
          box.open() && box.options().length > 0 ? `${id}-list-${box.marked()}` : undefined
        }
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder={props.chosen || props.placeholder}
        title={props.chosen || undefined}
        value={box.open() ? box.typed() : props.chosen}
        onInput={(event) => box.type(event.currentTarget.value)}
        onKeyDown={(event) => pressed(event, box)}
        // The list is there when the click is over.
        onFocus={() => props.onSearch('')}
        onClick={() => (box.open() && box.typed() === '' ? box.hide() : box.show())}
        onBlur={box.hide}
        class="h-8 w-full min-w-0 truncate rounded-md border border-line-strong bg-panel pr-7 pl-2.5 text-sm placeholder:text-ink-2 hover:bg-hover focus:bg-panel"
      />
      <ChevronDown class="pointer-events-none absolute top-2 right-2 size-4 text-ink-3" aria-hidden="true" />
      <Options
        id={`${id}-list`}
        label={props.label}
        open={box.open()}
        options={box.options()}
        marked={box.marked()}
        remark={box.remark()}
        leftward={box.leftward()}
        onMark={box.mark}
        onChoose={box.choose}
        onMore={() => props.onMore()}
      />
    </span>
  );
}
