import type { JSX } from "preact";
import type { Case, OwnedCase } from "../sdk/index";
import { formatMoment } from "../ui/format";
import { Baton, type Meaning } from "../ui/marks";
import { c } from "../ui/texts/case";
import { LiveText } from "../ui/time";
import { Subject } from "./facts";
import type { Work } from "./work";

const AT_MOST = 8;

export interface Coming {
  owned: OwnedCase;
  atMs: number;
  says: string;
  meaning: Meaning;
}

/** What of a case happens by itself, or should have happened, at an instant. */
export function comingOf(one: Case): { atMs: number; says: string; meaning: Meaning }[] {
  const { state, wake_at_ms, completion_due_at_ms, deadline_at_ms, window } = one;
  const found: { atMs: number; says: string; meaning: Meaning }[] = [];
  if (state === "parked" && wake_at_ms) found.push({ atMs: wake_at_ms, says: c.wakes, meaning: "waits" });
  if (state === "wrapping" && deadline_at_ms) found.push({ atMs: deadline_at_ms, says: c.wrapUpEnds, meaning: "soon" });
  if (completion_due_at_ms) found.push({ atMs: completion_due_at_ms, says: c.shouldBeDone, meaning: "late" });
  if (window) found.push({ atMs: window.from_ms, says: c.appointmentBegins, meaning: "planned" });
  return found;
}

/** What comes next of what one has, by its time. */
export function Agenda({ work }: { work: Work }): JSX.Element {
  const coming = work.desk.value
    .flatMap((owned): Coming[] => comingOf(work.caseOf(owned).value).map((each) => ({ owned, ...each })))
    .sort((one, other) => one.atMs - other.atMs)
    .slice(0, AT_MOST);
  return (
    <section class="agenda" aria-labelledby="agenda-title">
      <h2 id="agenda-title">{c.next}</h2>
      {coming.length === 0 && <p class="soft">{c.nothingNext}</p>}
      <ul>
        {coming.map(({ owned, atMs, says, meaning }) => (
          <li key={`${owned.case.case} ${says}`}>
            <button type="button" class="agenda-item" onClick={() => work.choice.show(owned)}>
              <Baton meaning={meaning} />
              <span class="what"><span class="clip"><Subject one={owned.case} /></span><span class="soft">{says}</span></span>
              <LiveText of={atMs} read={(now) => formatMoment(atMs, now)} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
