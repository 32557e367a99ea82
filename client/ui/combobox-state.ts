import { createMemo, createSignal, onCleanup } from 'solid-js';
import type { ComboboxProps } from './combobox.tsx';
import { createEager } from './eager.ts';
import type { Option } from './options.tsx';

const TYPING_MS = 200;
/** How wide the list may become, with the margin of the page, px. */
const ROOM_PX = 304;

const fits = ({ label, note }: Option, text: string): boolean =>
  `${label}\n${note}`.toLowerCase().includes(text.toLowerCase());

/** What is typed, and searched for a moment after the last key. */
function createTyping(onSearch: ComboboxProps['onSearch']) {
  const [typed, setTyped] = createSignal('');
  /** Something was typed and is not searched for yet. */
  const [waiting, setWaiting] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const search = (text: string | undefined): void => {
    clearTimeout(timer);
    // First asked, then no longer waiting: in between, what is there would pass for the answer.
    onSearch(text);
    setWaiting(false);
  };
  return {
    typed,
    waiting,
    begin: (): void => {
      setTyped('');
      search('');
    },
    type: (text: string): void => {
      setTyped(text);
      clearTimeout(timer);
      setWaiting(true);
      timer = setTimeout(() => search(text.trim()), TYPING_MS);
    },
    end: (): void => search(undefined),
  };
}

/** What there is to choose from now, and where the keys stand. */
function createFound(props: ComboboxProps, { typed, waiting }: ReturnType<typeof createTyping>) {
  /** The value of the option that the keys were moved to; it may move as options come, and stays the one. */
  const [moved, setMoved] = createSignal<string>();
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
  // Remembered, so that options that come do not bring the mark into sight again.
  const marked = createMemo(() => {
    const wanted = moved() ?? (typed() === '' ? props.value : undefined);
    return Math.max(
      0,
      options().findIndex(({ value }) => value === wanted),
    );
  });
  /** What Enter is meant for may still be on its way: what fits, or the one that was chosen before. */
  const premature = () => {
    if (!looking() || moved() !== undefined) return false;
    return options().length === 0 || (typed() === '' && options()[marked()]?.value !== props.value);
  };
  const remark = (): string => {
    if (!looking()) return props.remark;
    return found().length > 0 ? '' : 'Looking…';
  };
  const mark = (at: number | undefined): void =>
    void setMoved(at === undefined ? undefined : options()[at]?.value);
  return { options, marked, mark, premature, remark };
}

/** What a combobox does besides being seen. */
export function createCombobox(props: ComboboxProps, input: () => HTMLInputElement | undefined) {
  const [open, setOpen] = createSignal(false);
  const [leftward, setLeftward] = createSignal(false);
  const typing = createTyping((text) => props.onSearch(text));
  const { options, marked, mark, premature, remark } = createFound(props, typing);
  const show = (): void => {
    if (open()) return;
    mark(undefined);
    setLeftward((input()?.getBoundingClientRect().left ?? 0) + ROOM_PX > innerWidth);
    setOpen(true);
    typing.begin();
  };
  const hide = (): void => {
    forget();
    setOpen(false);
    typing.end();
  };
  const choose = (option: Option | undefined): void => {
    if (!option) return;
    props.onChoose(option);
    hide();
  };
  const { eager, enter, forget } = createEager(premature, () => choose(options()[marked()]));
  return {
    open,
    leftward,
    options,
    marked,
    mark,
    remark: () => (eager() ? 'Looking…' : remark()),
    typed: typing.typed,
    show,
    hide,
    choose,
    /** Chooses the marked one, as soon as it is known which that is. */
    enter,
    type: (text: string): void => {
      show();
      forget();
      mark(undefined);
      typing.type(text);
    },
    step: (by: number): void => {
      if (!open()) return show();
      mark(Math.min(options().length - 1, Math.max(0, marked() + by)));
    },
  };
}

/** The keys that are not typing. */
export function pressed(event: KeyboardEvent, box: ReturnType<typeof createCombobox>): void {
  if (event.isComposing) return;
  const keys: Record<string, () => void> = {
    ArrowDown: () => box.step(1),
    ArrowUp: () => box.step(-1),
    Enter: () => (box.open() ? box.enter() : box.show()),
  };
  if (event.key === 'Escape' && box.open()) {
    // Closes the list, and not the dialog it may stand in.
    event.preventDefault();
    event.stopPropagation();
    box.hide();
  } else if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]?.();
  } else if (!box.open() && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    // What is typed is searched for by itself, and not behind the name that stands there; a space only opens.
    if (event.key === ' ') event.preventDefault();
    box.show();
  }
}
