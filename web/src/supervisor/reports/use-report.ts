import { useMemo } from "preact/hooks";
import type { CasebatonError, Report, ReportQuery } from "../../sdk/index.ts";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";

/** A report with what was asked: while the next one is on its way, the last stays to be seen. */
export interface Answered {
  report: Report;
  query: ReportQuery;
}

export interface Reported {
  answered: Answered | null;
  failure: CasebatonError | null;
  isStale: boolean;
  again: () => Promise<void>;
}

/** Ask for a report, and anew whenever something else is asked, or `turn` is another. */
export function useReport(name: string, query: ReportQuery, turn: number): Reported {
  const { supervisor } = useDashboard();
  const key = JSON.stringify([name, query, turn]);
  const asked = useMemo(() => query, [key]);
  const { answer, failure, again } = useAnswer(async () => ({ report: await supervisor.report(name, asked), query: asked }), key);
  return { answered: answer, failure, isStale: answer !== null && answer.query !== asked && !failure, again };
}
