import { batch, signal } from "@preact/signals";
import type { OwnedCase } from "../sdk/index";

/** What the middle of the page shows. */
export type View =
  /** The chosen case of the desk. */
  | { kind: "case" }
  /** A case that is not the agent's, to be looked at. */
  | { kind: "other"; case: string }
  | { kind: "queue"; queue: string }
  | { kind: "search" | "appointments" | "day" };

/** What is in the middle of the page. It stays there until somebody chooses something else, or it leaves the desk. */
export class Choice {
  readonly view = signal<View>({ kind: "case" });
  readonly shown = signal<OwnedCase | null>(null);
  /** Where there is room for one thing only: is it the middle? */
  readonly isOpen = signal(false);
  #desk: readonly OwnedCase[] = [];
  /** Where a case was found that is looked at. */
  #found: View | null = null;

  go(view: View): void {
    batch(() => {
      this.view.value = view;
      this.isOpen.value = true;
    });
  }

  show(owned: OwnedCase): void {
    batch(() => {
      this.shown.value = owned;
      this.go({ kind: "case" });
    });
  }

  /** Show the case with this id, whosever it is. */
  look(id: string): void {
    const owned = this.#desk.find((each) => each.case.case === id);
    if (owned) this.show(owned);
    else {
      this.#found = this.view.value.kind === "search" ? this.view.value : null;
      this.go({ kind: "other", case: id });
    }
  }

  /** From a found case back to the search; else to the lists, and to the desk's case; false when that is where one is. */
  leave(): boolean {
    if (this.view.value.kind === "other" && this.#found) {
      this.go(this.#found);
      return true;
    }
    const isAway = this.view.value.kind !== "case" || this.isOpen.value;
    batch(() => {
      this.view.value = { kind: "case" };
      this.isOpen.value = false;
    });
    return isAway;
  }

  /** The one so many places further down the desk; false when there is none. */
  move(by: number): boolean {
    const at = this.view.value.kind === "case" ? this.#desk.indexOf(this.shown.value!) : by > 0 ? -1 : this.#desk.length;
    const next = this.#desk[at + by];
    if (!next) return false;
    this.show(next);
    return true;
  }

  /** The desk is now this. When what was shown has left it, the one that took its place is shown. */
  follow(desk: readonly OwnedCase[]): void {
    const before = this.#desk;
    this.#desk = desk;
    const shown = this.shown.value;
    if (shown && desk.includes(shown)) return;
    const at = shown ? before.indexOf(shown) : 0;
    batch(() => {
      this.shown.value = desk[Math.min(Math.max(at, 0), desk.length - 1)] ?? null;
      if (this.view.value.kind === "case") this.isOpen.value = false;
    });
  }
}
