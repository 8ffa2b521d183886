import type { Client } from "./client.ts";
import { Emitter } from "./emitter.ts";
import { Held } from "./held.ts";
import type { Closed } from "./held.ts";
import type { OwnedCase } from "./owned.ts";
import type { Accepted } from "./requests.ts";
import type { Case, Match } from "./types.ts";

export interface OfferEvents {
  change: Offer;
  closed: Closed;
}

/** Finds or makes the object of a case that a reply says is owned. */
export type Own = (one: Case, reply: Accepted) => OwnedCase;

/** A case that rings at this agent until it is answered or its deadline fires; also one that a colleague hands over. */
export class Offer extends Held {
  isOpen = true;
  /** How it came to this agent; null when a snapshot brought it. */
  decision: Match | null;
  readonly #own: Own;
  readonly #events = new Emitter<OfferEvents>();

  constructor(client: Client, one: Case, own: Own, decision: Match | null) {
    super(client, one);
    this.#own = own;
    this.decision = decision;
  }

  on<Name extends keyof OfferEvents>(name: Name, listener: (payload: OfferEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** When it ends, in server time; 0 when it does not. */
  get deadlineAtMs(): number {
    return this.case.deadline_at_ms ?? 0;
  }

  /** How long it lasts from now on, as far as the server's clock can be told. */
  remainingMs(): number {
    return Math.max(0, this.deadlineAtMs - this.client.time.now());
  }

  /** Take the case. */
  async accept(): Promise<OwnedCase> {
    const one = this.case;
    return this.#own(one, await this.client.send({ type: "accept_case", ...this.shown }));
  }

  /** Refuse the case, for a reason that is a code; it goes back to its line at its old place. */
  async decline(reason = "declined"): Promise<void> {
    await this.client.send({ type: "decline_case", reason, ...this.shown });
  }

  /** Read how it came to this agent, where no event has told. */
  async loadDecision(): Promise<Match | null> {
    if (!this.decision) {
      const { items } = await this.history({ limit: 10 });
      this.decision = items.find((event) => event.baton === this.case.baton && event.decision)?.decision ?? null;
    }
    return this.decision;
  }

  /** The agent's part: the case changed. */
  follow(one: Case): void {
    this.case = one;
  }

  /** The agent's part: tell that it changed. */
  tell(): void {
    this.#events.emit("change", this);
  }

  /** The agent's part: it is over. */
  end(closed: Closed): void {
    this.#events.emit("closed", closed);
  }
}
