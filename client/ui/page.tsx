import { A } from '@solidjs/router';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import type { JSX } from 'solid-js';
import { For, Show, createEffect } from 'solid-js';

interface PageProps {
  title: string;
  /** Shown instead of the plain title. */
  heading?: JSX.Element;
  /** What it is, below what it is called. */
  lead?: string | null;
  crumbs?: { label: string; href: string }[];
  actions?: JSX.Element;
  /** Uses all the width there is. */
  wide?: boolean;
  children: JSX.Element;
}

/**
 * A page's frame: where it stands, what it is called, what can be done. Nothing is shown below rows that are still loading:
 * however many come would move it.
 */
export function Page(props: PageProps) {
  createEffect(() => {
    document.title = `${props.title} · Relay`;
  });
  return (
    <div
      class="mx-auto flex w-full flex-col gap-5 [&>:has([data-skeleton])~*]:hidden px-8 py-6 max-lg:px-5 max-sm:gap-4 max-sm:px-4 max-sm:py-4"
      classList={{ 'max-w-6xl': !props.wide }}
    >
      <header class="flex min-h-8 flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div class="min-w-0">
          <Show when={props.crumbs}>
            {(crumbs) => (
              <nav aria-label="Breadcrumb" class="mb-0.5 flex items-center gap-1 text-xs text-ink-3">
                <For each={crumbs()}>
                  {(crumb) => (
                    <>
                      <A href={crumb.href} class="rounded hover:text-ink hover:underline">
                        {crumb.label}
                      </A>
                      <ChevronRight class="size-3" aria-hidden="true" />
                    </>
                  )}
                </For>
              </nav>
            )}
          </Show>
          <h1 class="text-lg/7 font-semibold tracking-tight wrap-anywhere">{props.heading ?? props.title}</h1>
          <Show when={props.lead}>
            <p class="mt-0.5 max-w-3xl text-ink-2 wrap-anywhere">{props.lead}</p>
          </Show>
        </div>
        <div class="flex flex-wrap gap-2">{props.actions}</div>
      </header>
      {props.children}
    </div>
  );
}

interface PanelProps {
  title?: string;
  note?: JSX.Element;
  actions?: JSX.Element;
  children: JSX.Element;
  class?: string;
}

export function Panel(props: PanelProps) {
  return (
    <section
      aria-label={props.title}
      class={`min-w-0 rounded-lg border border-line bg-panel ${props.class ?? ''}`}
    >
      <Show when={props.title}>
        <header class="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-1.5">
          <div class="flex items-baseline gap-2">
            <h2 class="font-semibold">{props.title}</h2>
            <Show when={props.note}>
              <span class="text-xs text-ink-3">{props.note}</span>
            </Show>
          </div>
          {props.actions}
        </header>
      </Show>
      <div class="rounded-[inherit]">{props.children}</div>
    </section>
  );
}

/** Names and values, one pair a line. */
export function Facts(props: { children: JSX.Element }) {
  return <dl class="divide-y divide-line">{props.children}</dl>;
}

export function Fact(props: { name: string; note?: string; children: JSX.Element }) {
  return (
    <div class="flex min-h-10 items-center gap-4 px-4 py-2">
      <dt class="w-32 shrink-0 text-ink-2 max-sm:w-26">{props.name}</dt>
      <dd class="min-w-0 flex-1">{props.children}</dd>
      <Show when={props.note}>
        <dd class="text-xs text-ink-3 max-xl:hidden">{props.note}</dd>
      </Show>
    </div>
  );
}
