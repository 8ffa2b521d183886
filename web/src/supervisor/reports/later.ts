import type { Report } from "../../sdk/index.ts";

type Told = Pick<Report, "stored_ms">;

/** Does a report know of events that the one beside it did not know of yet? Their sums differ by those. */
export function isLater({ stored_ms = 0 }: Told, beside: Told): boolean {
  return stored_ms > (beside.stored_ms ?? 0);
}
