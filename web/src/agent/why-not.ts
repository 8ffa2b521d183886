import { sentence } from "../door/sentence";
import { refusal } from "./sentences";
import type { Work } from "./work";

/** Why something could not be done or had, as a sentence. */
export function whyNot(work: Work, error: unknown): string {
  return sentence(refusal(error, work.reader));
}
