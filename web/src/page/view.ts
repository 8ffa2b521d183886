import type { Agent } from "../sdk/agent";
import type { Line } from "../sdk/line";
import type { AgentState, Case, QueueSummary, StatusChoice } from "../sdk/types";

/** A watched queue's known part. */
export interface LineView extends QueueSummary {
  cases: readonly Case[];
}

/** What the page draws. Never changed in place: each event makes a new one. */
export interface View {
  agent: AgentState | null;
  offers: readonly Case[];
  desk: readonly Case[];
  queues: readonly QueueSummary[];
  lines: Readonly<Record<string, LineView>>;
  statuses: readonly StatusChoice[];
}

export const EMPTY_VIEW: View = { agent: null, offers: [], desk: [], queues: [], lines: {}, statuses: [] };

function lineView({ queue, mode, waiting, isPaused, isDraining, isOpen, nextChangeAtMs, cases }: Line): LineView {
  const next = nextChangeAtMs === undefined ? {} : { next_change_at_ms: nextChangeAtMs };
  return { queue, mode, waiting, paused: isPaused, draining: isDraining, open: isOpen, ...next, cases: [...cases] };
}

/** What an agent sees now. */
export function viewOf({ me, offers, desk, queues, statuses, watching }: Agent): View {
  return {
    agent: me,
    offers: offers.map((one) => one.case),
    desk: desk.map((one) => one.case),
    queues,
    lines: Object.fromEntries(watching.filter(({ version }) => version > 0).map((line) => [line.queue, lineView(line)])),
    statuses,
  };
}
