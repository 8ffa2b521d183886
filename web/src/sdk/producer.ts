import { each } from "./bulk.ts";
import type { Results } from "./bulk.ts";
import type { Client } from "./client.ts";
import { Steering, shown } from "./steering.ts";
import type { Target } from "./steering.ts";
import type { CaseBrief, SubmitCase } from "./types.ts";

/** What a case is submitted with. */
export type NewCase = Omit<SubmitCase, "type">;

/** A system that submits cases and withdraws them: a producer or an admin. */
export class Producer extends Steering {
  constructor(client: Client) {
    super(client, ["producer", "admin"]);
  }

  /** Submit a case. The same `case` and body again answer the case as it is. */
  submit(fields: NewCase): Promise<CaseBrief> {
    return this.move({ type: "submit_case", ...fields });
  }

  submitAll(list: readonly NewCase[]): Promise<Results<CaseBrief>> {
    return each(list, (fields) => this.submit(fields));
  }

  /** End a case whose customer left before anybody owned it. */
  abandon(target: Target): Promise<CaseBrief> {
    return this.move({ type: "abandon_case", ...shown(target) });
  }
}
