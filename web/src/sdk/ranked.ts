import type { Case } from "./types.ts";

/** A case's place in its line: lower first. */
export type Rank = Pick<Case, "case" | "score">;

export function isBefore(one: Rank, other: Rank): boolean {
  const [score = 0, otherScore = 0] = [one.score, other.score];
  return score < otherScore || (score === otherScore && one.case < other.case);
}

/** Cases by rank and by id: found, put in and taken out with O(log n) comparisons. */
export class Ranked {
  readonly cases: Case[] = [];
  readonly #byId = new Map<string, Case>();

  get(id: string): Case | undefined {
    return this.#byId.get(id);
  }

  /** -1: it is not there. */
  indexOf(id: string): number {
    const one = this.#byId.get(id);
    return one ? this.#placeOf(one) : -1;
  }

  put(one: Case): void {
    this.drop(one.case);
    this.cases.splice(this.#placeOf(one), 0, one);
    this.#byId.set(one.case, one);
  }

  /** Was it there? */
  drop(id: string): boolean {
    const index = this.indexOf(id);
    if (index < 0) return false;
    this.cases.splice(index, 1);
    return this.#byId.delete(id);
  }

  clear(): void {
    this.cases.length = 0;
    this.#byId.clear();
  }

  // The first place before which nothing of a lower rank stands.
  #placeOf(one: Rank): number {
    let [low, high] = [0, this.cases.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.cases[middle]!, one)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
