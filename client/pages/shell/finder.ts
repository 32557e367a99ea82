import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import { AnythingDocument, FindEventDocument } from '../../api/generated/graphql.ts';
import { problemText } from '../../api/problem.ts';
import { createQuery } from '../../api/query.ts';
import { useOrganization } from '../../api/session.tsx';
import { createEager } from '../../ui/eager.ts';
import type { Item } from './palette-items.ts';
import { itemsFor, looksLikeEventId } from './palette-items.ts';

const TYPING_MS = 150;

/** What there is for what was typed; asked for a moment after the last key. */
function createFindings(typed: () => string) {
  const organization = useOrganization();
  const [asked, setAsked] = createSignal('');
  createEffect(() => {
    const text = typed();
    const timer = setTimeout(() => setAsked(text), TYPING_MS);
    onCleanup(() => clearTimeout(timer));
  });
  const found = createQuery(AnythingDocument, () => ({
    org: organization().slug,
    search: asked().slice(0, 100),
  }));
  const event = createQuery(FindEventDocument, () =>
    looksLikeEventId(asked()) ? { id: asked() } : undefined,
  );
  // Kept while the next answer is on its way, or the list would flicker with every letter.
  const latest = createMemo<typeof found.data>((before) => found.data ?? before);
  const items = createMemo(() =>
    itemsFor(organization().slug, typed(), latest()?.organization, event.data?.event),
  );
  const problem = () => found.error ?? event.error;
  const looking = () => asked() !== typed() || found.loading || (looksLikeEventId(asked()) && event.loading);
  return {
    items,
    looking,
    failed: () => problem() !== undefined,
    remark: (): string | undefined => {
      if (problem()) return problemText(problem());
      if (!looksLikeEventId(typed())) return undefined;
      if (looking()) return 'Looking for the event…';
      return event.data?.event ? undefined : 'No event of yours has this ID.';
    },
  };
}

/**
 * What the palette does besides being seen.
 *
 * @param early what was typed already, and whether Enter came after it
 * @param go is called once with what was chosen.
 */
export function createFinder(early: { typed: string; entered: boolean }, go: (item: Item) => void) {
  const [typed, setTyped] = createSignal(early.typed.trim());
  /** The id of the item that the keys or the pointer were moved to; it may move as items come, and stays the one. */
  const [moved, setMoved] = createSignal<string>();
  const { items, looking, failed, remark } = createFindings(typed);
  const marked = createMemo(() =>
    Math.max(
      0,
      items().findIndex(({ id }) => id === moved()),
    ),
  );
  /** A search is what is left when nothing has that name, which is not known while names are still looked for. */
  const premature = () =>
    looking() && moved() === undefined && (items()[0]?.group ?? 'Search events') === 'Search events';
  const { eager, enter, forget } = createEager(premature, () => {
    const item = items()[marked()];
    if (item && !failed()) go(item);
  });
  if (early.entered) enter();
  return {
    items,
    marked,
    remark: () => (eager() ? 'Looking…' : remark()),
    mark: (item: Item): void => void setMoved(item.id),
    type: (text: string): void => {
      setTyped(text.trim());
      setMoved(undefined);
      forget();
    },
    step: (by: number): void => {
      const count = items().length;
      setMoved(items()[(marked() + by + count) % Math.max(1, count)]?.id);
    },
    choose: enter,
  };
}
