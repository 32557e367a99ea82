import type { JSX } from 'solid-js';
import { createEffect } from 'solid-js';
import { Logo } from './logo.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** A page of one small form, before there is an organisation to be in. */
export function Centered(props: { title: string; lead: JSX.Element; children: JSX.Element }) {
  createEffect(() => {
    document.title = `${props.title} · Relay`;
  });
  return (
    <main class="flex min-h-screen flex-col items-center px-4 pt-[16vh] pb-8 max-sm:pt-12">
      <div class="w-full max-w-sm">
        <Logo />
        <h1 class="mt-4 text-xl/7 font-semibold tracking-tight">{props.title}</h1>
        <p class="mt-1 mb-6 text-ink-2">{props.lead}</p>
        {props.children}
      </div>
      <div class="mt-auto pt-10">
        <ThemeSwitch />
      </div>
    </main>
  );
}
