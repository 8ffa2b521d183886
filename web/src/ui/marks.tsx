import type { ComponentChildren, JSX } from "preact";

/** What a colour means; see README.md. */
export type Meaning = "act" | "ready" | "soon" | "late" | "planned" | "waits";

/** The stroke at the leading edge of a case. Its meaning stands in words nearby, so it is silent. */
export function Baton({ meaning }: { meaning: Meaning }): JSX.Element {
  return <span class={`baton mark-${meaning}`} aria-hidden="true" />;
}

interface BadgeProps {
  meaning?: Meaning;
  title?: string;
  testid?: string;
  children: ComponentChildren;
}

/** A word or a number that is set off. */
export function Badge({ meaning = "waits", title, testid, children }: BadgeProps): JSX.Element {
  return <span class={`badge mark-${meaning}`} title={title} data-testid={testid}>{children}</span>;
}

export type Status = "online" | "busy" | "offline" | "not_responding";
/** How a link stands: of this page to the server, or of an agent. */
export type Link = "connected" | "connecting" | "disconnected";

const SHAPES: Readonly<Record<Status | Link, readonly [Meaning, JSX.Element]>> = {
  online: ["ready", <circle cx="6" cy="6" r="5" />],
  busy: ["act", <><circle cx="6" cy="6" r="5" /><path class="gap" d="M3.5 6h5" stroke-width="1.8" /></>],
  offline: ["waits", <circle class="hollow" cx="6" cy="6" r="4.2" stroke-width="1.6" />],
  not_responding: ["late", <path d="M6 .8L11.4 11H.6z" />],
  connected: ["ready", <circle cx="6" cy="6" r="5" />],
  connecting: ["soon", <><circle class="hollow" cx="6" cy="6" r="4.2" stroke-width="1.6" /><path d="M6 1.8a4.2 4.2 0 0 1 0 8.4z" /></>],
  disconnected: ["late", <><circle class="hollow" cx="6" cy="6" r="4.2" stroke-width="1.6" /><path class="hollow" d="M2.5 9.5l7-7" stroke-width="1.6" /></>],
};

interface StatusDotProps {
  status: Status | Link;
  /** Its word. */
  children: ComponentChildren;
  testid?: string;
  /** Say its changes to who cannot see them. */
  isLive?: boolean;
}

/** A status: shape, colour and word. */
export function StatusDot({ status, children, testid, isLive }: StatusDotProps): JSX.Element {
  const [meaning, shape] = SHAPES[status];
  return (
    <span class="status" role={isLive ? "status" : undefined} data-testid={testid} data-status={status}>
      <svg class={`dot mark-${meaning}`} viewBox="0 0 12 12" aria-hidden="true">{shape}</svg>
      <span class="clip">{children}</span>
    </span>
  );
}
