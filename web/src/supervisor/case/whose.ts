import type { CaseDetail, Decision } from "../../sdk/index.ts";
import { plain } from "../../ui/foreign";
import { w } from "../../ui/texts/work";
import { hasEnded } from "./ended";
import type { NameOf } from "./story";

type Told = Pick<CaseDetail, "state" | "owner" | "agent">;

/** Whose a case is: an agent's, or a queue's until somebody accepts it. */
export function ownerWords({ owner }: Pick<CaseDetail, "owner">, nameOf: NameOf): string {
  const [kind = "", name = ""] = owner.split(/:(.*)/s);
  return kind === "queue" ? w.theQueue(plain(name)) : nameOf(name);
}

/** Does the agent whom it names not have it yet, but ring? */
export const rings = ({ state }: Pick<CaseDetail, "state">): boolean => state === "offered";

/** What its agent has to do with it: has it, had it, or is asked. */
export function agentWords(one: Told, name: string): string {
  return (rings(one) ? w.ringsAtAgent : hasEnded(one) ? w.wasWithAgent : w.withAgent)(name);
}

const ASKS: ReadonlySet<string> = new Set(["case_offered", "transfer_offered"]);

/** What a decision came to by itself: an offer only asks. */
export function chosenWords({ event, agent }: Pick<Decision, "event" | "agent">, nameOf: NameOf): string {
  return (ASKS.has(event) ? w.wasAsked : w.gotIt)(nameOf(agent));
}
