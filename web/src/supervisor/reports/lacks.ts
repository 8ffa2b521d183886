import type { Report } from "../../sdk/index.ts";
import { r } from "../../ui/texts/reports";
import { instantText } from "./span";

type Told = Pick<Report, "report" | "from_ms" | "zone" | "stored_ms" | "begins_ms" | "previous" | "notes">;

/** What the history does not have of the period, or of the one beside it, in sentences. */
export function lacksOf({ report, from_ms, zone, stored_ms, begins_ms, previous, notes }: Told): readonly string[] {
  const isCut = report !== "ageing" && begins_ms !== undefined && begins_ms > (previous?.from_ms ?? from_ms);
  return [
    ...(stored_ms === undefined ? [r.nothingYet] : []),
    ...(isCut ? [r.begins(instantText(begins_ms, zone))] : []),
    ...(report === "staffing" ? [] : notes), // there they are what it assumes
  ];
}
