import type { QueueSummary } from "../../sdk/index";
import { codes } from "../../ui/texts";
import { v } from "../../ui/texts/views";

type Stop = Pick<QueueSummary, "paused" | "draining" | "open" | "next_change_at_ms">;

/** What keeps a queue from its usual course, in a word for lists; null when nothing does. */
export function stopWord({ paused, draining, open, next_change_at_ms }: Stop): string | null {
  if (paused) return v.paused;
  if (!open) return next_change_at_ms ? v.opensAt(next_change_at_ms) : v.closed;
  return draining ? v.draining : null;
}

/** The same in a sentence; null when nothing does. */
export function standstill({ paused, draining, open, next_change_at_ms }: Stop): string | null {
  const { standstills } = codes;
  if (paused) return standstills.paused;
  if (!open) return next_change_at_ms ? standstills.closedUntil(next_change_at_ms) : standstills.closed;
  return draining ? standstills.draining : null;
}
