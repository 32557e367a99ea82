import type { APIResponse, Page, Request, Route } from 'playwright-core';

const asks = (request: Request, operation: string): boolean =>
  request.postData()?.includes(`"operationName":"${operation}"`) ?? false;

/** The answers to one GraphQL operation, held back from a page until they are let go. */
export class Held {
  readonly #page: Page;
  readonly #routes: Route[] = [];
  readonly #given = new Map<Route, APIResponse>();
  #open = false;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async back(page: Page, operation: string): Promise<Held> {
    const held = new Held(page);
    await page.route('**/graphql', (route) =>
      asks(route.request(), operation) && !held.#open ? void held.#routes.push(route) : route.continue(),
    );
    return held;
  }

  /** The same for answers that were given already: what happens until they are let go is not in them. */
  static async given(page: Page, operation: string): Promise<Held> {
    const held = new Held(page);
    await page.route('**/graphql', async (route) => {
      if (!asks(route.request(), operation) || held.#open) return route.continue();
      held.#given.set(route, await route.fetch());
      held.#routes.push(route);
    });
    return held;
  }

  /** How many are held back. */
  count(): number {
    return this.#routes.length;
  }

  /** Lets them all go; as they are, or through `how`. */
  async release(how: (route: Route) => Promise<void> = (route) => this.#answer(route)): Promise<void> {
    // What an answer leads to may be the same question again.
    this.#open = true;
    // The page gives up on what it no longer needs.
    await Promise.all(this.#routes.map((route) => how(route).catch(() => undefined)));
    await this.#page.unroute('**/graphql');
  }

  #answer(route: Route): Promise<void> {
    const response = this.#given.get(route);
    return response ? route.fulfill({ response }) : route.continue();
  }
}

/** Answers an operation as a server does that has too much to do, from now on. */
export const overload = (page: Page, operation: string): Promise<unknown> =>
  page.route('**/graphql', (route) =>
    asks(route.request(), operation)
      ? route.fulfill({
          status: 503,
          json: { errors: [{ message: 'Relay is busy.', extensions: { code: 'OVERLOADED' } }] },
        })
      : route.continue(),
  );
