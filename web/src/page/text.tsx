import type { JSX } from "preact";
import type { Case, Window } from "../sdk/types";
import { plain } from "./sentences";
import type { Workplace } from "./workplace";

/** Text that somebody else wrote: set apart, so that its direction cannot reorder what stands around it. */
export function Foreign({ text, class: name }: { text: string; class?: string }): JSX.Element {
  return <bdi class={name ? `foreign ${name}` : "foreign"}>{plain(text)}</bdi>;
}

function recordUrl(url: string | undefined): URL | null {
  if (!url || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed : null;
}

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** For when an appointment is planned, in the reader's own time. */
function planned({ from_ms, until_ms }: Window): string {
  return WHEN.formatRange(from_ms, until_ms);
}

/** Customer, queue, of an appointment when and where it is and how far it has come, and the link to the record; the host is shown, since the link leads elsewhere. */
export function Facts({ one, withQueue = true }: { one: Case; withQueue?: boolean }): JSX.Element {
  const url = recordUrl(one.card?.url);
  return (
    <p class="facts">
      {one.card?.customer && <Foreign text={one.card.customer} />}
      {withQueue && <span>{one.queue}</span>}
      <span>priority {one.priority}</span>
      {one.window && <span data-testid="window">{planned(one.window)}</span>}
      {one.card?.place && <Foreign text={one.card.place} />}
      {one.stage && <span data-testid="stage">{one.stage.replace("_", " ")}</span>}
      {url && (
        <a href={url.href} target="_blank" rel="noopener noreferrer" data-testid="record-link">
          Record on <Foreign text={url.host} />
        </a>
      )}
    </p>
  );
}

export function Subject({ one }: { one: Case }): JSX.Element {
  return <Foreign class="subject" text={one.card?.subject ?? one.case} />;
}

export function duration(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

export function Age({ work, since }: { work: Workplace; since: number }): JSX.Element {
  return <time class="age">{duration(work.slowNow.value - since)}</time>;
}

/** Time left until the server's deadline: a number and a bar that empties. Silent for screen readers. */
export function Countdown({ work, one }: { work: Workplace; one: Case }): JSX.Element | null {
  const { deadline_at_ms: deadline, state_at_ms: start } = one;
  if (deadline === undefined) return null;
  const left = Math.max(0, deadline - work.now.value);
  const seconds = Math.ceil(left / 1_000);
  return (
    <div class={seconds <= 10 ? "countdown urgent" : "countdown"} aria-hidden="true" data-testid="countdown">
      <span>{seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`}</span>
      <progress max={Math.max(1, deadline - start)} value={left} />
    </div>
  );
}
