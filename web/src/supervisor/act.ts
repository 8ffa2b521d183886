import { CasebatonError } from "../sdk/index.ts";
import type { Notices } from "../ui/notices";
import { codes } from "../ui/texts";
import { f } from "../ui/texts/floor";
import type { Latest } from "./latest";

/** Why it was not done: follows a colon. */
export function refusal({ code, detail }: CasebatonError): string {
  const words: Readonly<Record<string, string>> = { ...codes.refusals, ...f.refusals };
  return words[code] ?? detail;
}

/**
 * Do it, and say what came of it; answers whether it was done. `what` names it, `done` is the whole sentence; null: it shows.
 * What was said before of the same `about` is no longer so.
 */
export async function act(notices: Notices, what: string, work: () => Promise<unknown>, done: string | null, about?: Latest): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CasebatonError)) throw error;
    notices.add(f.notDone(what, refusal(error)));
    return false;
  }
  if (done !== null) notices.add(done, about?.next());
  return true;
}

/** What came of it for one of many; `error` is null when it was done. */
export interface Outcome {
  id: string;
  error: CasebatonError | null;
}

const AT_ONCE = 8; // the server takes 50 commands a second of a connection, and answers a few at a time just as fast

/** Do it for each; what is refused for one harms no other. `tell` hears of each outcome. */
export async function actOnAll(ids: readonly string[], work: (id: string) => Promise<unknown>, tell: (outcome: Outcome) => void): Promise<void> {
  const left = ids.values();
  async function some(): Promise<void> {
    for (const id of left) tell({ id, error: await errorOf(work(id)) });
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, some));
}

async function errorOf(work: Promise<unknown>): Promise<CasebatonError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof CasebatonError) return error;
    throw error;
  }
}
