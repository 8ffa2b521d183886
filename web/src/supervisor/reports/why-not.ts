import type { CasebatonError } from "../../sdk/index.ts";
import { refusal } from "../act";

// Their detail names the parameter, or says what to ask instead.
const SAYS_MORE: ReadonlySet<string> = new Set(["INVALID", "UNAVAILABLE"]);

/** Why a report could not be made. */
export function whyNot(failure: CasebatonError): string {
  return SAYS_MORE.has(failure.code) && failure.detail ? failure.detail : refusal(failure);
}
