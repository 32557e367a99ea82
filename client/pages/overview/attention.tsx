import { A } from '@solidjs/router';
import Ban from 'lucide-solid/icons/ban';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import CircleCheck from 'lucide-solid/icons/circle-check';
import KeyRound from 'lucide-solid/icons/key-round';
import Timer from 'lucide-solid/icons/timer';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import Unplug from 'lucide-solid/icons/unplug';
import { For, Show, createSignal } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { AttentionKind, OverviewQuery } from '../../api/generated/graphql.ts';
import { useOrganization } from '../../api/session.tsx';
import { attentionPath, attentionText } from '../../format/attention.ts';
import { exactUtc } from '../../format/time.ts';
import { Panel } from '../../ui/page.tsx';
import { useNow } from '../../ui/time.tsx';

type Item = NonNullable<OverviewQuery['organization']>['attention'][number];

/** Colour and shape together, so that neither is needed alone. */
const looks: Record<AttentionKind, { icon: typeof Ban; look: string; action: string }> = {
  GRACE_ENDING: { icon: Timer, look: 'text-wait', action: 'See the rotation' },
  DISCONNECTED: { icon: Unplug, look: 'text-bad', action: 'See its connection' },
  FAILING: { icon: TriangleAlert, look: 'text-bad', action: 'See the failures' },
  REJECTED: { icon: Ban, look: 'text-deny', action: 'See the rejections' },
  TOKEN_OLD: { icon: KeyRound, look: 'text-ink-3', action: 'Rotate it' },
};

/** As many lines as there is always room for, so that what comes and goes moves nothing below. */
const SHOWN = 3;

/** What somebody should look at, each line leading there. */
export function Attention(props: { items: Item[] }) {
  const [all, setAll] = createSignal(false);
  const shown = () => (all() ? props.items : props.items.slice(0, SHOWN));
  return (
    <Panel
      title="Needs attention"
      note={props.items.length > 0 ? String(props.items.length) : undefined}
      actions={
        <Show when={props.items.length > SHOWN}>
          <button
            type="button"
            aria-expanded={all()}
            onClick={() => setAll(!all())}
            class="rounded text-xs font-medium text-accent-ink hover:underline"
          >
            {all() ? 'Show fewer' : `Show all ${props.items.length}`}
          </button>
        </Show>
      }
    >
      <div class="min-h-33 max-sm:min-h-42">
        <Show when={props.items.length > 0} fallback={<Nothing />}>
          <ul class="divide-y divide-line">
            <For each={shown()}>{(item) => <Line item={item} />}</For>
          </ul>
        </Show>
      </div>
    </Panel>
  );
}

function Nothing() {
  return (
    <p class="flex min-h-33 items-center justify-center gap-2.5 px-4 text-ink-2 max-sm:min-h-42">
      <CircleCheck class="size-4 shrink-0 text-ok" aria-hidden="true" />
      Nothing: all that has connected before is connected, and events get through.
    </p>
  );
}

function Line(props: { item: Item }) {
  const organization = useOrganization();
  const now = useNow();
  const look = () => looks[props.item.kind];
  const exact = (): string | undefined => {
    const at = props.item.until ?? props.item.since;
    return at ? exactUtc(at) : undefined;
  };
  return (
    <li
      class="relative flex min-h-11 items-center gap-2.5 px-4 py-2 hover:bg-hover has-[a:focus-visible]:bg-hover"
      data-attention={props.item.kind.toLowerCase()}
    >
      <Dynamic component={look().icon} class={`size-4 shrink-0 ${look().look}`} aria-hidden="true" />
      <span class="min-w-0 flex-1 wrap-anywhere text-ink-2" title={exact()}>
        <A
          href={`/${organization().slug}/${attentionPath(props.item.kind, props.item.subject.__typename, props.item.subject.id)}`}
          class="font-medium text-ink after:absolute after:inset-0"
        >
          {props.item.subject.name}
        </A>{' '}
        {attentionText(props.item, now())}
      </span>
      <span class="shrink-0 text-xs text-ink-3 max-md:hidden" aria-hidden="true">
        {look().action}
      </span>
      <ChevronRight class="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
    </li>
  );
}
