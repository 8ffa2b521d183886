import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { sortRows } from "../../ui/virtual";
import { onTick } from "../../ui/ticker";
import type { AgentRow, Floor } from "../floor/floor";
import type { Query } from "../route";
import { COLUMNS } from "./columns";
import { filterOf, passes, sortOf } from "./filter";

const REORDER_MS = 1_000; // what a row says is always new; a row that jumps about cannot be read

/** The agents that the address asks for, in its order. */
export function useAgents(floor: Floor, query: Query): readonly AgentRow[] {
  const turn = useSignal(0);
  useEffect(() => {
    let isStale = false;
    let last = 0;
    const stopHearing = floor.agentTotals.subscribe(() => (isStale = true));
    const stopTicking = onTick((now) => {
      if (!isStale || now - last < REORDER_MS) return;
      isStale = false;
      last = now;
      turn.value++;
    });
    return () => {
      stopHearing();
      stopTicking();
    };
  }, [floor]);
  const { q, team, queue, status, flag, sort, desc } = query;
  return useMemo(() => {
    const filter = filterOf(query);
    const shown = floor.agents.value.filter((row) => passes(row.state.peek(), filter));
    return sortRows(shown, COLUMNS, sortOf(query));
  }, [floor.agents.value, turn.value, q, team, queue, status, flag, sort, desc]);
}
