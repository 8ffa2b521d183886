import type { CaseBrief, Fault, Finding } from "./types.ts";

/** The root of what a call can end in; `code` is stable, `detail` is for people. */
export class CasebatonError extends Error {
  readonly code: string;
  readonly detail: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = new.target.name;
    this.code = code;
    this.detail = detail;
  }
}

/** A command changed nothing, for a reason the server names. `current` is the case as it stands, where it helps. */
export class CommandRefused extends CasebatonError {
  readonly retryable: boolean;
  readonly current: Partial<CaseBrief> | null;
  /** All that is wrong with a document. */
  readonly faults: readonly Finding[];

  constructor({ code, detail, retryable, current, faults }: Fault) {
    super(code, detail);
    this.retryable = retryable;
    this.current = current ?? null;
    this.faults = faults ?? [];
  }
}

/** The command was never sent, and changed nothing: no connection, too large, too many. Nothing keeps it for later. */
export class NotSent extends CasebatonError {
  constructor(detail = "there is no connection") {
    super("NOT_SENT", detail);
  }
}

/** No answer came in time. The command may have taken effect: the next events or snapshot tell. */
export class OutcomeUnknown extends CasebatonError {
  constructor(detail = "no answer came in time; the command may or may not have taken effect") {
    super("OUTCOME_UNKNOWN", detail);
  }
}

/** The connection will not come back by itself. `closeCode` is the socket's; `reason` the server's words, if it had any. */
export class ConnectionEnded extends CasebatonError {
  readonly closeCode: number;
  readonly reason: string;

  constructor(closeCode: number, reason: string) {
    super("CONNECTION_ENDED", `${closeCode} ${reason || "(no reason given)"}`);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}

/** The token's role is not one that may do this. */
export class WrongRole extends CasebatonError {
  readonly wanted: readonly string[];
  readonly role: string;

  constructor(wanted: readonly string[], role: string) {
    super("WRONG_ROLE", `this needs the role ${wanted.join(" or ")}, and the token says ${role}`);
    this.wanted = wanted;
    this.role = role;
  }
}

/** What a server's fault is to the caller. */
export function errorOf(fault: Fault): CasebatonError {
  return fault.code === "OUTCOME_UNKNOWN" ? new OutcomeUnknown(fault.detail) : new CommandRefused(fault);
}
