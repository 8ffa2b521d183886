import type { Truth } from "../ui/notices";

/** Of the sentences about one thing only the latest is still so: those before it go when it comes. */
export class Latest {
  #turn = 0;

  /** For the next sentence. */
  next(): Truth {
    const mine = ++this.#turn;
    return () => (mine === this.#turn ? null : false);
  }
}
