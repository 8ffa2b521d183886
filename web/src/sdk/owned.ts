import { Emitter } from "./emitter.ts";
import { Held } from "./held.ts";
import type { Closed } from "./held.ts";
import type { Case, CaseBrief, Event, Place, Stage, UpdateCase } from "./types.ts";

/** `event` is null at a reconnection. */
export interface Changed {
  case: Case;
  before: Case;
  event: Event | null;
}

export interface OwnedEvents {
  change: Changed;
  left: Closed;
}

/** What an update may change; `window: {}` plans the case for no time. */
export type CaseFields = Omit<UpdateCase, "type" | "case" | "baton">;

/**
 * A case in this agent's hands. `case` follows the events; `isOwned` turns false when it leaves them. A command answers what
 * the case is after it; the event that `case` follows may come a little later.
 */
export class OwnedCase extends Held {
  isOwned = true;
  readonly #events = new Emitter<OwnedEvents>();

  on<Name extends keyof OwnedEvents>(name: Name, listener: (payload: OwnedEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** End the work; the case is closed. */
  complete(disposition?: string): Promise<CaseBrief> {
    return this.move({ type: "complete_case", ...(disposition && { disposition }), ...this.shown });
  }

  /** End the work but for the wrap-up; the case closes when that ends, or with `complete`. */
  wrap(disposition?: string): Promise<CaseBrief> {
    return this.move({ type: "wrap_case", ...(disposition && { disposition }), ...this.shown });
  }

  /** Have the wrap-up's whole time again, as often as the channel allows. */
  extendWrapUp(): Promise<CaseBrief> {
    return this.move({ type: "extend_wrap_up", ...this.shown });
  }

  /** Keep the case and free its capacity, until an instant of the server's time or until the customer does something. */
  park(wakeAtMs?: number): Promise<CaseBrief> {
    return this.move({ type: "park_case", ...(wakeAtMs !== undefined && { wake_at_ms: Math.round(wakeAtMs) }), ...this.shown });
  }

  /** Go on with a parked case. */
  resume(): Promise<CaseBrief> {
    return this.move({ type: "resume_case", ...this.shown });
  }

  /** Hand the case back to its queue. */
  return(reason: string, place: Place = "keep"): Promise<CaseBrief> {
    return this.move({ type: "return_case", reason, place, ...this.shown });
  }

  /** Move the case into another queue's line. */
  transfer(queue: string, reason?: string): Promise<CaseBrief> {
    return this.move({ type: "transfer_case", queue, ...(reason && { reason }), ...this.shown });
  }

  /** Offer it to a colleague; it stays this agent's until that one has accepted. */
  transferTo(agent: string, reason?: string): Promise<CaseBrief> {
    return this.move({ type: "transfer_case", agent, ...(reason && { reason }), ...this.shown });
  }

  /** Go on to the next stage, or to `cannot_complete` with a reason; that and `completed` end the case. */
  setStage(stage: Stage, reason?: string): Promise<CaseBrief> {
    return this.move({ type: "set_stage", stage, ...(reason && { reason }), ...this.shown });
  }

  /** Change what the case says; what is left out stays. */
  async update(fields: CaseFields): Promise<void> {
    await this.client.send({ type: "update_case", ...fields, ...this.shown });
  }

  /** Write a text on the case, for whoever works on it next. */
  async addNote(text: string): Promise<void> {
    await this.client.send({ type: "add_note", text, ...this.shown });
  }

  /** The agent's part: the case changed. */
  follow(one: Case): void {
    this.case = one;
  }

  /** The agent's part: tell that it changed. */
  tell(changed: Changed): void {
    this.#events.emit("change", changed);
  }

  /** The agent's part: it is no longer this agent's. */
  end(closed: Closed): void {
    this.#events.emit("left", closed);
  }
}
