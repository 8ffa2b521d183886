import type { CaseBrief, Fault } from "./messages";

/** A command changed nothing, for a reason the server names. `current` is the case as it stands, where it helps. */
export class CommandRefused extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly current: Partial<CaseBrief> | null;

  constructor(fault: Fault) {
    super(fault.detail);
    this.name = "CommandRefused";
    this.code = fault.code;
    this.retryable = fault.retryable;
    this.current = fault.current ?? null;
  }
}

/** No answer came in time. The command may have taken effect: the next events or snapshot tell. */
export class OutcomeUnknown extends Error {
  readonly code = "OUTCOME_UNKNOWN";

  constructor() {
    super("no answer came in time; the command may or may not have taken effect");
    this.name = "OutcomeUnknown";
  }
}

/** The command was never sent: there is no connection, and a command is not kept for later. */
export class NotSent extends Error {
  readonly code = "NOT_SENT";

  constructor() {
    super("there is no connection");
    this.name = "NotSent";
  }
}
