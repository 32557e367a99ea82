import { onCleanup, onMount } from 'solid-js';

const editable = 'input, textarea, select, [contenteditable]';

/** Whether a key is meant for a field, a dialog or the browser rather than for the page. */
function elsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('[role=dialog]')) return true;
  return event.target instanceof Element && event.target.closest(editable) !== null;
}

/** Single keys that do something on a page, by what they type; they are left alone while somebody writes. */
export function useKeys(keys: Record<string, () => void>): void {
  const press = (event: KeyboardEvent): void => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act || elsewhere(event)) return;
    event.preventDefault();
    act();
  };
  onMount(() => {
    addEventListener('keydown', press);
    onCleanup(() => removeEventListener('keydown', press));
  });
}
