import type { Report } from "../../sdk/index.ts";
import { r } from "../../ui/texts/reports";

const QUARTER_MS = 900_000;

type Told = Pick<Report, "report" | "from_ms" | "until_ms" | "stored_ms" | "begins_ms">;

/** Why a report has no rows, and what to do about it. Staffing counts whole quarter hours alone: there may be none yet. */
export function nothingOf(answer: Told): { title: string; advice: string } {
  if (answer.report !== "staffing") return { title: r.nothing, advice: r.nothingAdvice };
  return hasWholeQuarter(answer) ? { title: r.nothing, advice: r.nothingStaffedAdvice } : { title: r.noQuarter, advice: r.noQuarterAdvice };
}

function hasWholeQuarter({ from_ms, until_ms, begins_ms = 0, stored_ms = 0 }: Told): boolean {
  return Math.max(from_ms, Math.ceil(begins_ms / QUARTER_MS) * QUARTER_MS) < Math.min(until_ms, Math.floor(stored_ms / QUARTER_MS) * QUARTER_MS);
}
