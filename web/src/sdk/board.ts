import { filled } from "./filled.ts";
import { AGENT_OVERVIEW, MINUTE, QUEUE_OVERVIEW } from "./types.ts";
import type { AgentOverview, Alert, Changes, Minute, QueueOverview, SystemHealth } from "./types.ts";

const ALERTS = 100; // that are kept once they are over
const MINUTES = 60;
const MINUTE_MS = 60_000;

/** Is a threshold still crossed? What the engine tells is over as it is told. */
export function isOn(alert: Alert): boolean {
  return alert.type === "threshold_crossed" && alert.cleared_at_ms === undefined;
}

/** The service level of the cases that arrived in these minutes, from 0 to 1; null when there were none to count. */
export function levelOf(minutes: Iterable<Minute>): number | null {
  let [inTime, counted] = [0, 0];
  for (const { in_time, owned, abandoned, overdue } of minutes) {
    inTime += in_time;
    counted += owned + abandoned + overdue;
  }
  return counted > 0 ? inTime / counted : null;
}

/** What has come of a workspace since a beginning. */
export class Board {
  readonly agents = new Map<string, AgentOverview>();
  readonly queues = new Map<string, QueueOverview>();
  /** By queue, and by the minute's beginning. */
  readonly minutes = new Map<string, Map<number, Minute>>();
  /** The latest change last. */
  readonly alerts = new Map<string, Alert>();
  /** How many crossed thresholds are not among them. */
  alertsUntold = 0;
  health: SystemHealth | null = null;
  figuresSinceMs = 0;

  take(changes: Changes): void {
    const { agents = [], queues = [], agents_gone = [], queues_gone = [], minutes = [], alerts = [] } = changes;
    for (const each of agents) this.agents.set(each.agent, filled<AgentOverview>(AGENT_OVERVIEW, each));
    for (const each of queues) this.queues.set(each.queue, filled<QueueOverview>(QUEUE_OVERVIEW, each));
    for (const name of agents_gone) this.agents.delete(name);
    for (const name of queues_gone) this.queues.delete(name);
    for (const each of minutes) this.#takeMinute(filled<Minute>(MINUTE, each));
    if (changes.begins || changes.alerts_anew) {
      this.alerts.clear();
      this.alertsUntold = changes.alerts_untold ?? 0;
    }
    if (alerts.length > 0) this.#takeAlerts(alerts);
    this.health = changes.health ?? this.health;
    this.figuresSinceMs = changes.figures_since_ms ?? this.figuresSinceMs;
  }

  #takeMinute(minute: Minute): void {
    const rows = this.minutes.get(minute.queue) ?? new Map<number, Minute>();
    this.minutes.set(minute.queue, rows.set(minute.at_ms, minute));
    for (const atMs of rows.keys()) if (atMs <= minute.at_ms - MINUTES * MINUTE_MS) rows.delete(atMs);
  }

  #takeAlerts(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      this.alerts.delete(alert.id);
      this.alerts.set(alert.id, alert);
    }
    const over = [...this.alerts.values()].filter((alert) => !isOn(alert));
    for (const { id } of over.slice(0, Math.max(0, over.length - ALERTS))) this.alerts.delete(id);
  }
}
