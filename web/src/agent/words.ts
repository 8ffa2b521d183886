import type { Case } from "../sdk/index";
import { plain } from "../ui/foreign";
import { a } from "../ui/texts/agent";
import { states, word } from "../ui/texts/basic";

/** Who reads it, and what the others are called. */
export interface Reader {
  me: string;
  name: (id: string) => string;
  /** An offer rings, which has its room as long as it is not answered. */
  isRinging: boolean;
}

// What is said of cases and people all over the page.

export function quoted(one: Case): string {
  return a.quoted(plain(one.card?.subject ?? one.case));
}

/** "agent:bo" is bo; undefined for everybody else. */
export function agentOf(actor: string | undefined): string | undefined {
  return actor?.startsWith("agent:") ? actor.slice("agent:".length) : undefined;
}

/** Built-in statuses have words, configured ones are words. */
export function statusName(label: string): string {
  return word(states.statuses, label);
}
