import type { NodeHealth, ServerHealth } from "../../sdk/index.ts";

/** What is wrong, by the name of what to do about it. */
export type Ill = "silent" | "loop" | "log" | "store" | "unanswered" | "memory" | "draining";

// A node tells once a second.
const SILENT_MS = 5_000;
// Above these people notice: a press is answered late, an event is on screen late.
const LATE_LOOP_MS = 100;
const LATE_LOG_MS = 500;
const SLOW_STORE_MS = 100;
const FULL = 0.85;

/** What ails a node now; `nowMs` by the server's clock. What a silent one told last counts no more. */
export function illsOfNode(node: NodeHealth, nowMs: number): Ill[] {
  if (nowMs - node.at_ms > SILENT_MS) return ["silent"];
  const { loop_lag_ms = 0, log_lag_ms = 0, store_ms = 0, draining } = node;
  return [...(draining ? ["draining" as const] : []), ...(loop_lag_ms > LATE_LOOP_MS ? ["loop" as const] : []), ...(log_lag_ms > LATE_LOG_MS ? ["log" as const] : []), ...(store_ms > SLOW_STORE_MS ? ["store" as const] : [])];
}

/** What ails a primary of the store. */
export function illsOfServer({ version, memory_bytes = 0, memory_limit_bytes = 0 }: ServerHealth): Ill[] {
  if (!version) return ["unanswered"];
  return memory_limit_bytes > 0 && memory_bytes > FULL * memory_limit_bytes ? ["memory"] : [];
}
