import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type AgentState, type Case, CasebatonError, type Snapshot } from "../../sdk/index.ts";
import { Pace } from "../floor/pace";
import { useDashboard } from "../dashboard";

/** An agent as it is seen now. */
export interface Seen {
  state: AgentState | null;
  snapshot: Snapshot | null;
  offers: readonly Case[];
  desk: readonly Case[];
  /** Why it cannot be watched. */
  failure: CasebatonError | null;
}

const UNSEEN: Seen = { state: null, snapshot: null, offers: [], desk: [], failure: null };
const LEAST_MS = 33;

/** Watch an agent for as long as it is shown. */
export function useWatched(agent: string): ReadonlySignal<Seen> {
  const { supervisor, floor } = useDashboard();
  const seen = useSignal<Seen>(UNSEEN);
  useEffect(() => {
    const watched = supervisor.watchAgent(agent);
    const pace = new Pace(() => {
      if (floor.isPaused.peek()) return;
      const { state, snapshot, offers, desk, failure } = watched;
      seen.value = { state, snapshot, offers: [...offers.values()], desk: [...desk.values()], failure };
    }, LEAST_MS);
    const stops = [watched.on("change", () => pace.ask()), watched.on("over", () => pace.ask()), floor.isPaused.subscribe(() => pace.ask())];
    return () => {
      for (const stop of stops) stop();
      // Without a connection nothing is watched there any more; what else may be refused here harms nobody.
      watched.unwatch().catch((error: unknown) => {
        if (!(error instanceof CasebatonError)) throw error;
      });
    };
  }, [supervisor, agent]);
  return seen;
}
