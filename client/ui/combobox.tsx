import ChevronDown from 'lucide-solid/icons/chevron-down';
import { createSignal, createUniqueId, onCleanup } from 'solid-js';
import type { Option } from './options.tsx';
import { Options } from './options.tsx';

const TYPING_MS = 200;
/** How wide the list may become, with the margin of the page, px. */
const ROOM_PX = 304;

interface ComboboxProps {
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

const fits = ({ label, note }: Option, text: string): boolean =>
  `${label}\n${note}`.toLowerCase().includes(text.toLowerCase());

/** One of more than a list can show: found by typing a part of its name. */
export function Combobox(props: ComboboxProps) {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  const [typed, setTyped] = createSignal('');
  /** Where the keys have been moved to. */
  const [moved, setMoved] = createSignal<number>();
  /** Something was typed and is not searched for yet. */
  const [waiting, setWaiting] = createSignal(false);
  const [leftward, setLeftward] = createSignal(false);
  let input: HTMLInputElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const looking = () => waiting() || props.looking;
  const found = (): Option[] => {
    const text = typed().trim();
    // What does not fit any more must not be chosen while what does is still on its way.
    return looking() ? props.options.filter((option) => fits(option, text)) : props.options;
  };
  const options = (): Option[] => {
    const none = props.optional && typed() === '' ? [{ value: '', label: props.placeholder, note: '' }] : [];
    return [...none, ...found()];
  };
  const marked = (): number => {
    const at = typed() === '' ? options().findIndex(({ value }) => value === props.value) : 0;
    return moved() ?? Math.max(0, at);
  };
  const remark = (): string => {
    if (!looking()) return props.remark;
    return found().length > 0 ? '' : 'Looking…';
  };
  const search = (text: string | undefined): void => {
    clearTimeout(timer);
    setWaiting(false);
    props.onSearch(text);
  };
  const show = (): void => {
    if (open()) return;
    setTyped('');
    setMoved(undefined);
    setLeftward(input !== undefined && input.getBoundingClientRect().left + ROOM_PX > innerWidth);
    setOpen(true);
    search('');
  };
  const hide = (): void => {
    setOpen(false);
    search(undefined);
  };
  const type = (text: string): void => {
    show();
    setTyped(text);
    setMoved(undefined);
    clearTimeout(timer);
    setWaiting(true);
    timer = setTimeout(() => search(text.trim()), TYPING_MS);
  };
  const choose = (option: Option | undefined): void => {
    if (!option) return;
    props.onChoose(option);
    hide();
  };
  const step = (by: number): void => {
    if (!open()) return show();
    setMoved(Math.min(options().length - 1, Math.max(0, marked() + by)));
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => (open() ? choose(options()[marked()]) : show()),
  };
  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape' && open()) {
      // Closes the list, and not the dialog it may stand in.
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]?.();
    } else if (!open() && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      // What is typed is searched for by itself, and not behind the name that stands there; a space only opens.
      if (event.key === ' ') event.preventDefault();
      show();
    }
  };
  return (
    <span class={`relative inline-flex ${props.class ?? ''}`}>
      <input
        ref={input}
        id={props.id}
        role="combobox"
        aria-label={props.id ? undefined : props.label}
        aria-expanded={open()}
        aria-controls={`${id}-list`}
        aria-activedescendant={open() && options().length > 0 ? `${id}-list-${marked()}` : undefined}
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder={props.chosen || props.placeholder}
        title={props.chosen || undefined}
        value={open() ? typed() : props.chosen}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={press}
        // The list is there when the click is over.
        onFocus={() => props.onSearch('')}
        onClick={() => (open() && typed() === '' ? hide() : show())}
        onBlur={hide}
        class="h-8 w-full min-w-0 truncate rounded-md border border-line-strong bg-panel pr-7 pl-2.5 text-sm placeholder:text-ink-2 hover:bg-hover focus:bg-panel"
      />
      <ChevronDown class="pointer-events-none absolute top-2 right-2 size-4 text-ink-3" aria-hidden="true" />
      <Options
        id={`${id}-list`}
        label={props.label}
        open={open()}
        options={options()}
        marked={marked()}
        remark={remark()}
        leftward={leftward()}
        onMark={setMoved}
        onChoose={choose}
        onMore={() => props.onMore()}
      />
    </span>
  );
}
