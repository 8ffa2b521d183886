import type { Client } from "./client.ts";
import type { CaseDetail, History, PageQuery } from "./http.ts";
import { lineOf } from "./line.ts";
import type { Line } from "./line.ts";
import type { CaseFields } from "./owned.ts";
import { readNames } from "./people.ts";
import { readHistory, readNotes, readWhy } from "./reads.ts";
import type { CaseBrief, Command, Named, Note, Why } from "./types.ts";

/** A case by its id, with whatever baton it has, or as it was seen: then it is refused when it has moved on. */
export type Target = string | { case: string; baton: string };

export function shown(target: Target): { case: string; baton: string } {
  return typeof target === "string" ? { case: target, baton: "any" } : { case: target.case, baton: target.baton };
}

/** What supervisors and producers may both send. */
export class Steering {
  readonly client: Client;

  /** Throws `WrongRole` when the token's role is none of these. */
  constructor(client: Client, roles: readonly string[]) {
    client.needRole(roles);
    this.client = client;
  }

  /** Move a case into another queue's line, with its age. */
  transfer(target: Target, queue: string, reason?: string): Promise<CaseBrief> {
    return this.move({ type: "transfer_case", queue, ...(reason && { reason }), ...shown(target) });
  }

  /** Withdraw a case; an owner who works on it is told and wraps up. */
  cancel(target: Target, reason: string): Promise<CaseBrief> {
    return this.move({ type: "cancel_case", reason, ...shown(target) });
  }

  /** Let a closed case wait again, so long for its last owner alone. */
  reopen(target: Target, { preferredMs }: { preferredMs?: number } = {}): Promise<CaseBrief> {
    return this.move({ type: "reopen_case", ...(preferredMs !== undefined && { preferred_ms: preferredMs }), ...shown(target) });
  }

  /** Change what a case says; what is left out stays. */
  update(target: Target, fields: CaseFields): Promise<CaseBrief> {
    return this.move({ type: "update_case", ...fields, ...shown(target) });
  }

  /** Write a text on a case, for whoever works on it next. */
  addNote(target: Target, text: string): Promise<CaseBrief> {
    return this.move({ type: "add_note", text, ...shown(target) });
  }

  notes(one: string): Promise<Note[]> {
    return readNotes(this.client, one);
  }

  /** Why a case is where it is. */
  why(one: string): Promise<Why> {
    return readWhy(this.client, one);
  }

  /** What agents are called; who is not there is left out. */
  names(agents: readonly string[]): Promise<Map<string, Named>> {
    return readNames(this.client, agents);
  }

  /** A case's events, newest first. */
  history(one: string, query?: PageQuery): Promise<History> {
    return readHistory(this.client, one, query);
  }

  /** A case with its data. */
  read(one: string): Promise<CaseDetail> {
    return this.client.http.case(one);
  }

  /** Watch a queue's line, through losses too; the same line again while it is watched. */
  watchQueue(queue: string): Line {
    return lineOf(this.client, queue);
  }

  protected async move(command: Command): Promise<CaseBrief> {
    return (await this.client.send(command)).ok as CaseBrief;
  }
}
