import type { Client } from "./client.ts";
import { filled } from "./filled.ts";
import { CASE, WHY } from "./types.ts";
import type { Case, Note, Why } from "./types.ts";

/** A case's notes, oldest first. */
export async function readNotes(client: Client, one: string): Promise<Note[]> {
  const { ok } = await client.send({ type: "read_notes", case: one });
  return (ok as { items: Note[] }).items;
}

/** Why a case is where it is. */
export async function readWhy(client: Client, one: string): Promise<Why> {
  const { ok } = await client.send({ type: "why_case", case: one });
  const why = filled<Why>(WHY, ok as object);
  return { ...why, case: filled<Case>(CASE, why.case) };
}
