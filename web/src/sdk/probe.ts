import type { Clock } from "./clock.ts";
import { CommandRefused } from "./errors.ts";
import type { Accepted, IssueOptions } from "./requests.ts";
import type { Command } from "./types.ts";

const SILENCE_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;

export interface ProbeOptions {
  clock: Clock;
  ask: (command: Command, how: IssueOptions) => Promise<Accepted>;
  /** When the last frame came. */
  heardAt: () => number;
}

/**
 * Notices a link that is dead but open: browsers answer the server's pings and tell a page nothing of it. A `ping`
 * costs the node an answer and the store nothing.
 */
export class Probe {
  readonly #options: ProbeOptions;
  #asking: Promise<boolean> | null = null;
  #isOn = false;
  #cancel = (): void => {};

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  /** Ask whenever nothing has come for 15 s. */
  start(): void {
    this.stop();
    this.#isOn = true;
    this.#wait(SILENCE_MS);
  }

  stop(): void {
    this.#isOn = false;
    this.#cancel();
  }

  #wait(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => this.#look());
  }

  #look(): void {
    const { clock, heardAt } = this.#options;
    const leftMs = heardAt() + SILENCE_MS - clock.now();
    if (leftMs > 0) this.#wait(leftMs);
    else void this.ask().then(() => this.#isOn && this.#wait(SILENCE_MS));
  }

  /** Is anybody there? Who does not answer in time loses the connection. */
  ask(): Promise<boolean> {
    const { ask } = this.#options;
    this.#asking ??= ask({ type: "ping" }, { lasting: false, deadlineMs: ANSWER_WITHIN_MS })
      .then(
        () => true,
        (error) => error instanceof CommandRefused, // an answer all the same
      )
      .finally(() => (this.#asking = null));
    return this.#asking;
  }
}
