import type { Client } from "./client.ts";
import { filled } from "./filled.ts";
import { CASE } from "./types.ts";
import type { Case, Colleagues, FoundCases, Named, SearchCases } from "./types.ts";

export interface ColleagueQuery {
  /** Only those whose id or name has a word that begins with it. */
  text?: string;
  limit?: number;
}

/** Where to look; what is left out is everywhere. */
export type SearchQuery = Omit<SearchCases, "type" | "text">;

const NAMES = 50; // at once

/** To whom a case could be handed now, best first. */
export async function findColleagues(client: Client, one: string, query: ColleagueQuery = {}): Promise<Colleagues> {
  return (await client.send({ type: "find_colleagues", case: one, ...query })).ok as Colleagues;
}

/** What agents are called; who is not there is left out. */
export async function readNames(client: Client, agents: readonly string[]): Promise<Map<string, Named>> {
  const found = new Map<string, Named>();
  for (let start = 0; start < agents.length; start += NAMES) {
    const { ok } = await client.send({ type: "read_names", agents: agents.slice(start, start + NAMES) });
    for (const each of (ok as { items: Named[] }).items) found.set(each.agent, each);
  }
  return found;
}

/** Live cases by words of their subject, customer, id or queue, within what one may see. */
export async function searchCases(client: Client, text: string, query: SearchQuery = {}): Promise<FoundCases> {
  const { items, more = false } = (await client.send({ type: "search_cases", text, ...query })).ok as Partial<FoundCases> & { items: object[] };
  return { items: items.map((one) => filled<Case>(CASE, one)), more };
}
