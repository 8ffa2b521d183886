import type { Client, Tell } from "./client.ts";
import { CasebatonError, NotSent, OutcomeUnknown } from "./errors.ts";
import type { Command, Event } from "./types.ts";

const RETRY_MS = 5_000;

/**
 * Something watched, through losses and ends: asked for at once and with each connection, until it is unwatched or refused.
 * `isLive` is false from a loss until the answer has come again.
 */
export abstract class Watch {
  isOver = false;
  /** What ended it against its owner's will. */
  failure: CasebatonError | null = null;
  protected readonly client: Client;
  readonly #detach: () => void;
  #isLive = false;
  #cancelRetry: () => void = () => {};
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];

  constructor(client: Client) {
    this.client = client;
    this.#detach = client.attach({
      welcomed: () => this.begin(),
      received: (event) => this.received(event),
      over: (error) => this.#turnAway(error ?? new NotSent("the client was closed")),
    });
  }

  /** Is what it shows up to date? */
  get isLive(): boolean {
    return this.#isLive && this.client.state === "connected";
  }

  /** Wait until it is live; rejects what prevents it. */
  opened(): Promise<this> {
    if (this.isLive) return Promise.resolve(this);
    if (this.isOver) return Promise.reject(this.failure ?? new NotSent("the watch was ended"));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve: () => resolve(this), reject }));
  }

  /** End the watch. */
  async unwatch(): Promise<void> {
    if (this.isOver) return;
    this.end(null);
    if (this.client.state !== "connected") return; // a lost connection watches nothing
    await this.client.send(this.farewell, { lasting: false }).catch((error: unknown) => {
      if (!(error instanceof NotSent)) throw error;
    });
  }

  /** The command that ends it. */
  protected abstract get farewell(): Command;
  /** Ask for the beginning. */
  protected abstract ask(): Promise<void>;
  protected abstract received(event: Event): Tell | void;
  /** Tell that it is over. */
  protected abstract told(failure: CasebatonError | null): void;

  /** Is it worth asking again? */
  protected isPassing(error: CasebatonError): boolean {
    return error instanceof OutcomeUnknown;
  }

  /** Ask for it now, and with each connection. */
  protected begin(): void {
    this.#isLive = false;
    this.#cancelRetry();
    if (this.isOver || this.client.state !== "connected") return;
    this.ask().catch((error: unknown) => {
      if (error instanceof NotSent) return; // it comes with the next connection
      if (!(error instanceof CasebatonError)) throw error;
      if (this.isPassing(error)) this.#cancelRetry = this.client.clock.after(RETRY_MS, () => this.begin());
      else this.end(error);
    });
  }

  protected cameToLife(): void {
    this.#isLive = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  protected end(failure: CasebatonError | null): void {
    if (this.isOver) return;
    [this.isOver, this.#isLive, this.failure] = [true, false, failure];
    this.#detach();
    this.#cancelRetry();
    this.#turnAway(failure ?? new NotSent("the watch was ended"));
    this.told(failure);
  }

  #turnAway(error: CasebatonError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
