import { networkOf } from '../address.ts';

/** GraphQL sockets on which nobody has signed in (yet): of one address, and in all. */
export const STRANGERS_PER_ADDRESS = 200;
const STRANGERS_IN_ALL = 5_000;

/**
 * Counts sockets that have not shown whose they are. They cost memory for nothing in return, so they are few; whoever
 * signs in gives the place back and is counted no more.
 */
export class Strangers {
  readonly #byNetwork = new Map<string, number>();
  #all = 0;

  /** Takes a place. The returned function gives it back, however often it is called; null when there is none. */
  enter(address: string): (() => void) | null {
    const network = networkOf(address);
    const here = this.#byNetwork.get(network) ?? 0;
    if (here >= STRANGERS_PER_ADDRESS || this.#all >= STRANGERS_IN_ALL) return null;
    this.#byNetwork.set(network, here + 1);
    this.#all += 1;
    let inside = true;
    return () => {
      if (inside) this.#leave(network);
      inside = false;
    };
  }

  #leave(network: string): void {
    this.#all -= 1;
    const left = (this.#byNetwork.get(network) ?? 1) - 1;
    if (left > 0) this.#byNetwork.set(network, left);
    else this.#byNetwork.delete(network);
  }
}
