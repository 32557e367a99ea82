/** GraphQL sockets on which nobody has signed in (yet): of one address, and in all. */
export const STRANGERS_PER_ADDRESS = 200;
const STRANGERS_IN_ALL = 5_000;

/**
 * Counts sockets that have not shown whose they are. They cost memory for nothing in return, so they are few; whoever
 * signs in gives the place back and is counted no more.
 */
export class Strangers {
  readonly #byAddress = new Map<string, number>();
  #all = 0;

  /** Takes a place. The returned function gives it back, however often it is called; null when there is none. */
  enter(address: string): (() => void) | null {
    const here = this.#byAddress.get(address) ?? 0;
    if (here >= STRANGERS_PER_ADDRESS || this.#all >= STRANGERS_IN_ALL) return null;
    this.#byAddress.set(address, here + 1);
    this.#all += 1;
    let inside = true;
    return () => {
      if (inside) this.#leave(address);
      inside = false;
    };
  }

  #leave(address: string): void {
    this.#all -= 1;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
