import type { Route, Screen } from "../route";
import type { Load } from "./late";

interface Place {
  /** The listed screen that it belongs to; without one it is listed itself. */
  under?: Screen;
  load: Load<{ route: Route }>;
}

const agents: Place["load"] = () => import("../agents/screen").then(({ AgentsScreen }) => AgentsScreen);

/** What can be shown, in the order of the list. */
export const SCREENS: Readonly<Record<Screen, Place>> = {
  wallboard: { load: () => import("../wallboard/wallboard").then(({ Wallboard }) => Wallboard) },
  agents: { load: agents },
  agent: { under: "agents", load: agents },
  queues: { load: () => import("../queue/queues").then(({ QueuesScreen }) => QueuesScreen) },
  queue: { under: "queues", load: () => import("../queue/queue-page").then(({ QueuePage }) => QueuePage) },
  cases: { load: () => import("../cases/screen").then(({ CasesScreen }) => CasesScreen) },
  case: { under: "cases", load: () => import("../case/case-page").then(({ CasePage }) => CasePage) },
  alerts: { load: () => import("../alerts/screen").then(({ AlertsScreen }) => AlertsScreen) },
  reports: { load: () => import("../reports/screen").then(({ ReportsScreen }) => ReportsScreen) },
  roster: { load: () => import("../roster/screen").then(({ RosterScreen }) => RosterScreen) },
  configuration: { load: () => import("../setup/screen").then(({ ConfigurationScreen }) => ConfigurationScreen) },
  health: { load: () => import("../health/screen").then(({ HealthScreen }) => HealthScreen) },
};

/** Those that are listed. */
export const LISTED = (Object.keys(SCREENS) as Screen[]).filter((screen) => !SCREENS[screen].under);

/** Those that a narrow page lists side by side; the rest is behind "More". */
export const FIRST: ReadonlySet<Screen> = new Set(["wallboard", "agents", "queues", "alerts"]);
