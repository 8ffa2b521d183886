import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { OwnedCase } from "../../sdk/index";
import type { Case } from "../../sdk/index";
import { Button } from "../../ui/button";
import { Foreign, recordUrl } from "../../ui/foreign";
import { Badge, Baton, type Meaning } from "../../ui/marks";
import { Empty } from "../../ui/states";
import { t } from "../../ui/texts";
import { v } from "../../ui/texts/views";
import { now } from "../../ui/ticker";
import { LiveText } from "../../ui/time";
import { subjectOf } from "../queues/columns";
import type { Work } from "../work";
import { formatDay, formatTimes } from "./dates";
import { byDay, isAppointment, mapOf, midnightBefore, type Standing, standing } from "./plan";
import { Stage, StageButtons } from "./stages";

const DAY_MS = 24 * 60 * 60_000;

/** The agent's appointments by day and time; the chosen one, at first the next, shows what can be done with it. */
export function Appointments({ work }: { work: Work }): JSX.Element {
  const chosen = useSignal<string | null>(null);
  const days = useComputed(() => byDay(work.desk.value.filter((owned) => isAppointment(work.caseOf(owned).value))));
  const first = days.value[0]?.appointments[0]?.case.case ?? null;
  const all = days.value.flatMap(({ appointments }) => appointments);
  const open = all.some(({ case: one }) => one.case === chosen.value) ? chosen.value : first;
  return (
    <section class="appointments" aria-labelledby="appointments-title" data-testid="appointments">
      <h2 id="appointments-title">{v.appointments}</h2>
      {all.length === 0 && <Empty title={v.noAppointments}>{v.noAppointmentsWhy}</Empty>}
      {days.value.map(({ atMs, appointments }) => (
        <section key={atMs ?? "none"} aria-label={dayName(atMs)}>
          <h3 class="day-name">{dayName(atMs)}</h3>
          <ul class="plan">
            {appointments.map((owned) => (
              <li key={`${owned.case.case} ${owned.case.baton}`}>
                <Appointment work={work} owned={owned} isOpen={owned.case.case === open} onOpen={() => (chosen.value = owned.case.case)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function dayName(atMs: number | null): string {
  if (atMs === null) return v.withoutTime;
  const today = midnightBefore(now());
  if (atMs === today) return v.today;
  // Midnights are not always 24 hours apart.
  return atMs === midnightBefore(today + 1.5 * DAY_MS) ? v.tomorrow : formatDay(atMs);
}

interface AppointmentProps {
  work: Work;
  owned: OwnedCase;
  isOpen: boolean;
  onOpen: () => void;
}

function Appointment({ work, owned, isOpen, onOpen }: AppointmentProps): JSX.Element {
  const one = work.caseOf(owned).value;
  return (
    <article class={isOpen ? "appointment open" : "appointment"} data-testid="appointment" data-case={one.case} data-stage={one.stage}>
      <Baton meaning="planned" />
      <div class="about">
        <button type="button" class="appointment-head" aria-expanded={isOpen} onClick={onOpen}>
          <When one={one} />
          <Foreign class="subject" text={subjectOf(one)} />
        </button>
        <Stage one={one} />
        {isOpen && <Details one={one} />}
        {isOpen && <StageButtons work={work} owned={owned} />}
        {isOpen && <p><Button kind="quiet" testid="appointment-more" onPress={() => work.choice.show(owned)}>{v.more}</Button></p>}
      </div>
    </article>
  );
}

const MEANINGS: Readonly<Record<Standing, Meaning>> = { ahead: "planned", due: "act", late: "late" };

/** When it is planned, and how that stands now. */
export function When({ one }: { one: Case }): JSX.Element | null {
  const { window } = one;
  if (!window) return null;
  const how = standing(one, now());
  return (
    <span class="when">
      <time class="figure" dateTime={new Date(window.from_ms).toISOString()} data-testid="window">{formatTimes(window.from_ms, window.until_ms)}</time>
      <Badge meaning={MEANINGS[how]}>{how === "ahead" ? <LiveText of={window.from_ms} read={(at) => v.startsIn(window.from_ms - at)} /> : v[how]}</Badge>
    </span>
  );
}

/** Who, where and more about it. */
export function Details({ one: { card } }: { one: Case }): JSX.Element {
  const url = recordUrl(card?.url);
  const map = mapOf(card?.place);
  return (
    <div class="details">
      {card?.customer && <p><Foreign text={card.customer} /></p>}
      {card?.place && (
        <p class="address">
          <Foreign text={card.place} testid="place" />
          {map && <a class="button quiet map" href={map}>{v.map}</a>}
        </p>
      )}
      {url && <p><a href={url.href} target="_blank" rel="noopener noreferrer" data-testid="record-link">{t.recordOn(url.host)}</a></p>}
    </div>
  );
}
