import { signal } from "@preact/signals";
import type { Clock } from "../sdk/index";

const SLACK_MS = 20_000; // a node that comes back is there sooner

/** A restart that the server has announced: overdue when it is not back some time after it should be. */
export class Restart {
  readonly state = signal<"none" | "announced" | "overdue">("none");
  readonly #clock: Clock;
  #cancel = (): void => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  announce(reconnectAfterMs: number): void {
    this.#cancel();
    this.state.value = "announced";
    this.#cancel = this.#clock.after(reconnectAfterMs + SLACK_MS, () => (this.state.value = "overdue"));
  }

  end(): void {
    this.#cancel();
    this.state.value = "none";
  }
}
