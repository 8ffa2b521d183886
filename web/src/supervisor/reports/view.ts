import type { Report } from "../../sdk/index.ts";
import type { Asked } from "./asked";

/** What each report's view is given: what is asked, the answer for its table, and how often it was read anew. */
export interface ViewProps {
  asked: Asked;
  answer: Report;
  turn: number;
}
