import type { Client } from "./client.ts";
import type { CaseDetail, History, PageQuery } from "./http.ts";
import { readHistory, readNotes, readWhy } from "./reads.ts";
import type { Case, CaseBrief, Command, Event, Note, Why } from "./types.ts";

/** How a case left somebody's hands, or came into them. `unseen`: while there was no connection. */
export type Ending =
  | "accepted" | "declined" | "expired" | "revoked" | "withdrawn" | "taken" | "assigned" | "returned" | "transferred"
  | "closed" | "cancelled" | "abandoned" | "unseen" | "changed";

/** How it ended; `event` is null when that happened while there was no connection. */
export interface Closed {
  how: Ending;
  event: Event | null;
}

/** A case that rings at the agent or is owned by it; its commands show the baton that it has now. */
export class Held {
  case: Case;
  protected readonly client: Client;

  constructor(client: Client, one: Case) {
    this.client = client;
    this.case = one;
  }

  /** The case with its data. */
  read(): Promise<CaseDetail> {
    return this.client.http.case(this.case.case);
  }

  notes(): Promise<Note[]> {
    return readNotes(this.client, this.case.case);
  }

  /** Its events, newest first. */
  history(query?: PageQuery): Promise<History> {
    return readHistory(this.client, this.case.case, query);
  }

  /** Why it is where it is. */
  why(): Promise<Why> {
    return readWhy(this.client, this.case.case);
  }

  protected get shown(): { case: string; baton: string } {
    return { case: this.case.case, baton: this.case.baton };
  }

  protected async move(command: Command): Promise<CaseBrief> {
    return (await this.client.send(command)).ok as CaseBrief;
  }
}
