import type { Client } from "./client.ts";
import { filled } from "./filled.ts";
import type { History, PageQuery } from "./http.ts";
import { CASE, WHY } from "./types.ts";
import type { Case, Day, Note, Why } from "./types.ts";

/** A case's notes, oldest first. */
export async function readNotes(client: Client, one: string): Promise<Note[]> {
  const { ok } = await client.send({ type: "read_notes", case: one });
  return (ok as { items: Note[] }).items;
}

/** A page of what happened to a case, newest first; `cursor` is the last page's `next_cursor`. */
export async function readHistory(client: Client, one: string, { cursor, limit }: PageQuery = {}): Promise<History> {
  const from = { ...(cursor !== undefined && { before: cursor }), ...(limit !== undefined && { limit }) };
  return (await client.send({ type: "read_history", case: one, ...from })).ok as History;
}

/** What an agent has done since an instant, to the quarter hour; left out: for 24 hours. Nobody named: oneself. */
export async function readDay(client: Client, since_ms?: number, agent?: string): Promise<Day> {
  const { ok } = await client.send({ type: "read_day", ...(agent && { agent }), ...(since_ms !== undefined && { since_ms }) });
  return ok as Day;
}

/** Why a case is where it is. */
export async function readWhy(client: Client, one: string): Promise<Why> {
  const { ok } = await client.send({ type: "why_case", case: one });
  const why = filled<Why>(WHY, ok as object);
  return { ...why, case: filled<Case>(CASE, why.case) };
}
