import type { Case, Command, Place } from "./messages";

/** How a case's commands reach the server. Each promise settles when the server has answered. */
export type Issue = (command: Command) => Promise<unknown>;

/** A case as it stood when it was read; its commands show that baton, so a case that moved on refuses them. */
class Held {
  readonly case: Case;
  protected readonly issue: Issue;

  constructor(one: Case, issue: Issue) {
    this.case = one;
    this.issue = issue;
  }

  protected get shown(): { case: string; baton: string } {
    return { case: this.case.case, baton: this.case.baton };
  }
}

export class Offer extends Held {
  accept(): Promise<unknown> {
    return this.issue({ type: "accept_case", ...this.shown });
  }

  decline(reason: string): Promise<unknown> {
    return this.issue({ type: "decline_case", reason, ...this.shown });
  }
}

export class OwnedCase extends Held {
  return(reason: string, place: Place = "keep"): Promise<unknown> {
    return this.issue({ type: "return_case", reason, place, ...this.shown });
  }

  transfer(queue: string, reason?: string): Promise<unknown> {
    return this.issue({ type: "transfer_case", queue, ...(reason && { reason }), ...this.shown });
  }

  /** Offer it to a colleague; it stays this agent's until that one has accepted. */
  transferTo(agent: string, reason?: string): Promise<unknown> {
    return this.issue({ type: "transfer_case", agent, ...(reason && { reason }), ...this.shown });
  }

  wrap(disposition?: string): Promise<unknown> {
    return this.issue({ type: "wrap_case", ...(disposition && { disposition }), ...this.shown });
  }

  extendWrapUp(): Promise<unknown> {
    return this.issue({ type: "extend_wrap_up", ...this.shown });
  }

  park(wakeAtMs?: number): Promise<unknown> {
    return this.issue({ type: "park_case", ...(wakeAtMs !== undefined && { wake_at_ms: wakeAtMs }), ...this.shown });
  }

  resume(): Promise<unknown> {
    return this.issue({ type: "resume_case", ...this.shown });
  }

  complete(disposition?: string): Promise<unknown> {
    return this.issue({ type: "complete_case", ...(disposition && { disposition }), ...this.shown });
  }
}

export class WaitingCase extends Held {
  take(): Promise<unknown> {
    return this.issue({ type: "take_case", ...this.shown });
  }
}
