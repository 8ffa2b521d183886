import type { CaseDetail } from "../../sdk/index.ts";

const ENDED: ReadonlySet<string> = new Set(["closed", "cancelled", "abandoned"]);

/** Is it over? Its last agent is still told, who has it no longer. */
export function hasEnded({ state }: Pick<CaseDetail, "state">): boolean {
  return ENDED.has(state);
}
