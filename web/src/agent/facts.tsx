import type { ComponentChildren, JSX } from "preact";
import type { Case } from "../sdk/index";
import { Foreign, recordUrl } from "../ui/foreign";
import { formatDuration, formatSpan } from "../ui/format";
import { Icon } from "../ui/icons";
import { Badge, type Meaning } from "../ui/marks";
import { states, t, word } from "../ui/texts/basic";
import { a } from "../ui/texts/agent";
import { LiveText } from "../ui/time";

export function Subject({ one }: { one: Case }): JSX.Element {
  return <Foreign class="subject" text={one.card?.subject ?? one.case} />;
}

/** Customer, queue, channel, and of an appointment when and where it is and how far it has come. */
export function Facts({ one, children }: { one: Case; children?: ComponentChildren }): JSX.Element {
  return (
    <p class="facts">
      {one.card?.customer && <Foreign class="customer" text={one.card.customer} />}
      <span>{one.queue}</span>
      {one.channel && <span>{one.channel}</span>}
      <span>{t.priority(one.priority)}</span>
      {one.window && <span class="planned" data-testid="window">{formatSpan(one.window.from_ms, one.window.until_ms)}</span>}
      {one.card?.place && <Foreign text={one.card.place} />}
      {one.stage && <span data-testid="stage">{word(states.stages, one.stage)}</span>}
      {children}
    </p>
  );
}

/** The link to the record; the host is shown, since it leads elsewhere. */
export function RecordLink({ one }: { one: Case }): JSX.Element | null {
  const url = recordUrl(one.card?.url);
  if (!url) return null;
  return (
    <a class="record" href={url.href} target="_blank" rel="noopener noreferrer" data-testid="record-link">
      <Foreign text={t.recordOn(url.host)} /> <Icon name="external" />
    </a>
  );
}

/** The clocks that run against the case: until when it must be owned or completed. */
export function Targets({ one }: { one: Case }): JSX.Element | null {
  const due = one.completion_due_at_ms ?? one.first_owner_due_at_ms;
  if (due === undefined) return null;
  return <span class="target" data-testid="target"><LiveText of={due} read={(now) => (due >= now ? a.dueIn(formatDuration(due - now)) : a.lateBy(formatDuration(now - due)))} /></span>;
}

const MEANINGS: Readonly<Record<string, Meaning>> = { offered: "act", active: "act", parked: "waits", wrapping: "soon", waiting: "waits" };

/** What the baton of a case means at this moment. */
export function meaningOf(one: Case): Meaning {
  return one.window && one.state === "active" ? "planned" : (MEANINGS[one.state] ?? "waits");
}

/** Is it an appointment that its owner has not set off for? */
export function isPlanned({ state, stage }: Case): boolean {
  return state === "active" && (stage === "scheduled" || stage === "dispatched");
}

export function StateBadge({ one }: { one: Case }): JSX.Element {
  return <Badge meaning={meaningOf(one)} testid="case-state">{isPlanned(one) ? a.planned : word(states.caseStates, one.state)}</Badge>;
}
