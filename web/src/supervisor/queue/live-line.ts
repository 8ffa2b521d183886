import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Case, CasebatonError, type Line } from "../../sdk/index.ts";
import { useDashboard } from "../dashboard";
import { Pace } from "../floor/pace";

/** A queue's line as it is drawn. */
export interface LiveLine {
  line: Line | null;
  /** Best first: the whole line, or its first part. */
  cases: readonly Case[];
  waiting: number;
  isComplete: boolean;
  isThere: boolean;
  /** Why it cannot be watched. */
  failure: CasebatonError | null;
}

const NOT_YET: LiveLine = { line: null, cases: [], waiting: 0, isComplete: true, isThere: false, failure: null };
const LEAST_MS = 100; // ten pictures a second: rows that are read

/** Watch a queue's line for as long as it is shown. */
export function useLine(queue: string): ReadonlySignal<LiveLine> {
  const { supervisor, floor } = useDashboard();
  const seen = useSignal<LiveLine>(NOT_YET);
  useEffect(() => {
    const line = supervisor.watchQueue(queue);
    const pace = new Pace(() => {
      if (floor.isPaused.peek()) return;
      const { cases, waiting, isComplete, isLive, failure } = line;
      seen.value = { line, cases: [...cases], waiting, isComplete, isThere: isLive || seen.peek().isThere, failure };
    }, LEAST_MS);
    const stops = [line.on("change", () => pace.ask()), line.on("over", () => pace.ask()), floor.isPaused.subscribe(() => pace.ask())];
    return () => {
      for (const stop of stops) stop();
      seen.value = NOT_YET;
      // Without a connection nothing is watched there any more; what else may be refused here harms nobody.
      line.unwatch().catch((error: unknown) => {
        if (!(error instanceof CasebatonError)) throw error;
      });
    };
  }, [supervisor, queue]);
  return seen;
}
