import type { Alert } from "../../sdk/index.ts";
import { plain } from "../../ui/foreign";
import { formatDuration, formatList, formatShare } from "../../ui/format";
import { codes, word } from "../../ui/texts";
import { w } from "../../ui/texts/work";
import type { Threshold } from "../configuration";
import { href } from "../route";

/** What an alert says. `threshold`: the one that was crossed, while the configuration has it; then only what it watches is said. */
export function alertWords(alert: Alert, threshold: Threshold | undefined): string {
  const { type, alert: name = "", clock = "", reason = "" } = alert;
  switch (type) {
    case "threshold_crossed":
      return `${name}: ${formatList(measures(alert, threshold))}`;
    case "target_warned":
    case "target_breached":
      return w.happened.target(codes.events[type], word(codes.clocks, clock));
    case "effect_failed":
      return reason ? `${w.effectFailed}: ${plain(reason)}` : w.effectFailed;
    default:
      return word(codes.alerts, name || type);
  }
}

function measures({ at_ms, waiting = 0, oldest_at_ms, level }: Alert, threshold: Threshold | undefined): string[] {
  const watches = (name: keyof Threshold): boolean => threshold === undefined || (threshold[name] ?? null) !== null;
  const said = [
    watches("waiting_above") && w.crossed.waiting(waiting),
    watches("oldest_above_s") && oldest_at_ms !== undefined && w.crossed.oldest(formatDuration(at_ms - oldest_at_ms)),
    watches("level_below") && level !== undefined && w.crossed.level(formatShare(level)),
  ];
  return said.filter((text): text is string => text !== false);
}

/** What a threshold watches for, in words. */
export function thresholdWords({ queue, waiting_above, oldest_above_s, level_below, for_s = 0 }: Threshold): string {
  const isSet = (value: number | null | undefined): value is number => value !== null && value !== undefined;
  const limits = [
    isSet(waiting_above) && w.limits.waiting(waiting_above),
    isSet(oldest_above_s) && w.limits.oldest(formatDuration(oldest_above_s * 1_000)),
    isSet(level_below) && w.limits.level(formatShare(level_below)),
  ].filter((text): text is string => text !== false);
  return `${queue || w.limits.each}: ${formatList(limits)}${for_s > 0 ? `, ${w.limits.lasting(formatDuration(for_s * 1_000))}` : ""}`;
}

/** Where one sees what it is about. */
export function alertHref({ case: one, agent, queue }: Alert): string {
  if (one) return href("case", one);
  return agent ? href("agent", agent) : queue ? href("queue", queue) : href("alerts");
}

const SHOWN = [6, 4] as const; // of an id that nobody can read

/** An id to tell two apart by; whole where it is short enough to read. */
export function shortId(id: string): string {
  const [first, last] = SHOWN;
  return id.length > 2 * (first + last) ? `${id.slice(0, first)}…${id.slice(-last)}` : id;
}
