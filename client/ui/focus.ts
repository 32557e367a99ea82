const focusable = 'a[href], button, input, select, textarea';

/** An element and everything it is in; kept, since what has left the page no longer knows where it was. */
export function trailOf(element: Element | null): Element[] {
  const trail: Element[] = [];
  for (let at = element; at && at !== document.body; at = at.parentElement) trail.push(at);
  return trail;
}

/** Where a page's content begins, for whoever comes to it without a mouse. */
const content = (): HTMLElement | null => document.getElementById('content');

/**
 * Gives the focus back to the first of a trail. Where that has gone, it goes to the part of the page that it was in, and
 * to the page as a whole when that has nothing to go to.
 */
export function giveBack(trail: readonly Element[]): void {
  const [first] = trail;
  if (first instanceof HTMLElement && first.isConnected) return first.focus();
  const part = trail.find((element) => element.isConnected && element.matches('section, [tabindex]'));
  const next = part?.hasAttribute('tabindex')
    ? (part as HTMLElement)
    : part?.querySelector<HTMLElement>(focusable);
  (next ?? content())?.focus({ preventScroll: true });
}

/** Catches the focus when what had it has just left the page: a keyboard must not start again from nowhere. */
export function catchFocus(next: () => HTMLElement | null | undefined = content): void {
  queueMicrotask(() => {
    if (document.activeElement === document.body) next()?.focus({ preventScroll: true });
  });
}
