import ChevronRight from 'lucide-solid/icons/chevron-right';
import type { JSX } from 'solid-js';
import { For, Show, createSignal, untrack } from 'solid-js';
import type { JsonNode } from '../format/json-tree.ts';
import { sizeOf } from '../format/json-tree.ts';
import { count } from '../format/number.ts';
import { jsonLooks } from './json-looks.ts';

/** Children shown at once; the rest when asked for. */
const MOST = 100;
const STRING_MAX = 2_000;
/** What is this deep, or has more children than this, begins closed. */
const OPEN_DEPTH = 3;
const OPEN_MOST = 30;

/** JSON that opens and closes value by value, each as it is spelled. */
export function JsonTree(props: { node: JsonNode; label: string }) {
  return (
    <ul
      aria-label={props.label}
      class="max-h-[32rem] overflow-auto px-4 py-3 font-mono text-xs/5"
      tabindex="0"
    >
      <Value node={props.node} depth={0} />
    </ul>
  );
}

function Value(props: { node: JsonNode; depth: number }) {
  return (
    <Show when={props.node.children.length > 0} fallback={<Plain node={props.node} />}>
      <Nested node={props.node} depth={props.depth} />
    </Show>
  );
}

function Key(props: { text: string | undefined }) {
  return (
    <Show when={props.text}>
      <span class={jsonLooks.key}>{props.text}</span>
      <span class={jsonLooks.mark}>: </span>
    </Show>
  );
}

function Plain(props: { node: JsonNode }) {
  const [whole, setWhole] = createSignal(false);
  const long = () => props.node.text.length > STRING_MAX && !whole();
  const nested = () => props.node.kind === 'object' || props.node.kind === 'array';
  return (
    <li class="pl-4.5 break-words whitespace-pre-wrap">
      <Key text={props.node.key} />
      <Show
        when={!nested()}
        fallback={<span class={jsonLooks.mark}>{props.node.kind === 'object' ? '{}' : '[]'}</span>}
      >
        <span class={jsonLooks[props.node.kind as 'string' | 'number' | 'word']}>
          {long() ? props.node.text.slice(0, STRING_MAX) : props.node.text}
        </span>
      </Show>
      <Show when={long()}>
        <More onClick={() => setWhole(true)}>
          … {count(props.node.text.length - STRING_MAX)} more characters
        </More>
      </Show>
    </li>
  );
}

function Nested(props: { node: JsonNode; depth: number }) {
  const [open, setOpen] = createSignal(
    untrack(() => props.depth < OPEN_DEPTH && (props.depth === 0 || props.node.children.length <= OPEN_MOST)),
  );
  const [shown, setShown] = createSignal(MOST);
  const rest = () => props.node.children.length - shown();
  return (
    <li>
      <button
        type="button"
        aria-expanded={open()}
        onClick={() => setOpen(!open())}
        class="flex w-fit max-w-full items-start rounded text-left hover:bg-hover"
      >
        <ChevronRight
          class="mt-0.75 mr-1 size-3.5 shrink-0 text-ink-3 transition-transform"
          classList={{ 'rotate-90': open() }}
          aria-hidden="true"
        />
        <span class="min-w-0 break-words whitespace-pre-wrap">
          <Key text={props.node.key} />
          <span class={jsonLooks.mark}>{sizeOf(props.node)}</span>
        </span>
      </button>
      <Show when={open()}>
        <ul class="ml-[6.5px] border-l border-line pl-2.5">
          <For each={props.node.children.slice(0, shown())}>
            {(child) => <Value node={child} depth={props.depth + 1} />}
          </For>
          <Show when={rest() > 0}>
            <li class="pl-4.5">
              <More onClick={() => setShown((n) => n + 10 * MOST)}>… {count(rest())} more</More>
            </li>
          </Show>
        </ul>
      </Show>
    </li>
  );
}

function More(props: { onClick: () => void; children: JSX.Element }) {
  return (
    <button
      type="button"
      onClick={() => props.onClick()}
      class="rounded px-1 font-sans text-accent-ink hover:underline"
    >
      {props.children}
    </button>
  );
}
