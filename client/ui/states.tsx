import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import type { JSX } from 'solid-js';
import { For, Show } from 'solid-js';
import { Button } from './button.tsx';

interface SkeletonProps {
  rows?: number | undefined;
  /** Of two lines. */
  tall?: boolean | undefined;
  /** Of two lines on narrow screens. */
  tallWhenNarrow?: boolean | undefined;
  /** Room for the names of columns above them. */
  headed?: boolean | undefined;
}

/** Rows of the height the real ones will have, so that nothing moves when they arrive. */
export function SkeletonRows(props: SkeletonProps) {
  return (
    <div role="status" aria-label="Loading" data-skeleton class="divide-y divide-line">
      <Show when={props.headed}>
        <div class="h-8" />
      </Show>
      <For each={Array.from({ length: props.rows ?? 6 }, (_, index) => index)}>
        {(index) => (
          <div
            class="flex animate-breathe items-center gap-6 px-4"
            classList={{ 'h-13': props.tall, 'h-10': !props.tall, 'max-md:h-13': props.tallWhenNarrow }}
          >
            <Bar class={['w-28', 'w-36', 'w-24'][index % 3]} />
            <Bar class="w-20" />
            <Bar class="w-24 max-sm:hidden" />
            <Bar class="ml-auto w-16" />
          </div>
        )}
      </For>
    </div>
  );
}

export function Bar(props: { class?: string | undefined }) {
  return <span class={`block h-3 rounded bg-line ${props.class ?? ''}`} />;
}

interface EmptyProps {
  title: string;
  children?: JSX.Element;
  action?: JSX.Element;
}

/** There is nothing yet, and what to do about it. */
export function Empty(props: EmptyProps) {
  return (
    <div class="flex min-h-40 flex-col items-center justify-center gap-1 px-6 py-8 text-center">
      <p class="font-medium">{props.title}</p>
      <div class="max-w-md text-balance text-ink-2">{props.children}</div>
      <Show when={props.action}>
        <div class="mt-3">{props.action}</div>
      </Show>
    </div>
  );
}

/** It did not work; never to be mistaken for "there is nothing". */
export function Problem(props: { children: JSX.Element; onRetry?: () => void }) {
  return (
    <div role="alert" class="flex min-h-40 flex-col items-center justify-center gap-2 px-6 py-8 text-center">
      <TriangleAlert class="size-5 text-bad" aria-hidden="true" />
      <p class="max-w-md text-balance">{props.children}</p>
      <Show when={props.onRetry}>
        {(retry) => (
          <Button class="mt-1" onClick={() => retry()()}>
            Try again
          </Button>
        )}
      </Show>
    </div>
  );
}

const tones = {
  wait: 'bg-wait-soft text-wait',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-accent-soft text-accent-ink',
};

export const noticeLook = (tone: keyof typeof tones): string =>
  `flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md px-3 py-2 ${tones[tone]}`;

interface NoticeProps {
  tone: keyof typeof tones;
  children: JSX.Element;
  action?: JSX.Element;
}

/** A remark across the width of its surroundings. */
export function Notice(props: NoticeProps) {
  return (
    <div role={props.tone === 'bad' ? 'alert' : 'status'} class={noticeLook(props.tone)}>
      <div class="min-w-0 flex-1">{props.children}</div>
      {props.action}
    </div>
  );
}
