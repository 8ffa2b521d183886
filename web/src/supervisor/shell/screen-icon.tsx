import type { JSX } from "preact";
import type { Screen } from "../route";

// On the same grid and with the same stroke as ui/icons.tsx; here, since the agent's page has no use for them.
const PATHS: Partial<Record<Screen, string>> = {
  wallboard: "M2.5 3H7v5H2.5zM9 3h4.5v3H9zM9 8h4.5v5H9zM2.5 10H7v3H2.5z",
  agents: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 1 0 0 5M1.5 13.5a4.5 4.5 0 0 1 9 0M10.5 2.7a2.4 2.4 0 0 1 0 4.6M12.2 9.6a4.5 4.5 0 0 1 2.3 3.9",
  queues: "M2.5 4h11M2.5 8h8M2.5 12h5",
  cases: "M3 2.5h10v11H3zM5.5 6h5M5.5 9h3",
  reports: "M2.5 13.5h11M4 11V8M7 11V5M10 11V7M13 11V2.5",
  alerts: "M4 11V7.5a4 4 0 0 1 8 0V11l1.5 1.5h-11L4 11M6.5 14.5h3",
  roster: "M2.5 3h11v10h-11zM2.5 6.5h11M6 6.5V13",
  configuration: "M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 3v3M6 10v3",
  health: "M1.5 8.5h3l1.5-4.5 3 8 1.8-3.5h3.7",
};

const PERSON = "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 1 0 8 8M3 14a5 5 0 0 1 10 0";

export function ScreenIcon({ screen }: { screen: Screen }): JSX.Element {
  return <Drawn path={PATHS[screen] ?? ""} />;
}

/** Whoever is signed in. */
export function PersonIcon(): JSX.Element {
  return <Drawn path={PERSON} />;
}

function Drawn({ path }: { path: string }): JSX.Element {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
