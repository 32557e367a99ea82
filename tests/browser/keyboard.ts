import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { focused } from './stage.ts';

/** More stops than any page has. */
const STOPS = 150;

/** What has the focus without showing it, or out of sight; empty when it is seen, or nothing has it. */
const UNSEEN = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return '';
  const look = getComputedStyle(at);
  const outlined = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1;
  const shadows = look.boxShadow.split(/, (?=rgb|#|oklch|color)/);
  const ring = outlined || shadows.some((shadow) => shadow !== 'none' && !shadow.startsWith('rgba(0, 0, 0, 0)'));
  const { top, bottom, left, right } = at.getBoundingClientRect();
  const inView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  return ring && inView ? '' : at.outerHTML.slice(0, 200);
})()`;

/** Somebody who has a keyboard and nothing else. Wherever the focus comes to, it has to be seen. */
export class Keyboard {
  readonly #page: () => Page;

  constructor(page: () => Page) {
    this.#page = page;
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.#page().keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.#page().keyboard.type(text);
  }

  /** Presses Tab (or what leads back, Shift+Tab) until the focus is there. */
  async to(place: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await place.waitFor();
    for (let stop = 0; stop < STOPS; stop += 1) {
      await this.#seen();
      if (await focused(place)) return;
      await this.press(key);
    }
    throw new Error(`${key} does not lead to ${String(place)}.`);
  }

  /** Goes there and presses it. */
  async use(place: Locator, key = 'Enter'): Promise<void> {
    await this.to(place);
    await this.press(key);
  }

  /** Waits until the focus is there, wherever it was put from. */
  async at(place: Locator): Promise<void> {
    await expect.poll(() => place.count().then((count) => count === 1 && focused(place))).toBe(true);
    await this.#seen();
  }

  async #seen(): Promise<void> {
    expect(await this.#page().evaluate(UNSEEN), 'has the focus and does not show it').toBe('');
  }
}
