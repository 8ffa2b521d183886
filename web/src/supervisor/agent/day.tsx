import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { CasebatonError, type Day as DayFigures, type FinishedCase } from "../../sdk/index.ts";
import { Foreign } from "../../ui/foreign";
import { formatDuration, formatNumber, formatTime } from "../../ui/format";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { now } from "../../ui/ticker";
import { useDashboard } from "../dashboard";
import { PlaceLink } from "../shell/place-link";

const RECENT = 5; // finished cases that are shown at once
const SETTLED_MS = 500; // of several changes in a row the last one is read

/** By the clock of whoever looks: agents of other time zones had their midnight before. */
function midnight(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}

/** What the agent has done today, and what ended in its hands last; read anew when what it has in hand has changed. */
export function Day({ id }: { id: string }): JSX.Element | null {
  const { supervisor, floor } = useDashboard();
  const day = useSignal<DayFigures | null>(null);
  const { offers = 0, active = 0, parked = 0, wrapping = 0 } = floor.agent(id)?.state.value ?? {};
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      supervisor.day(id, midnight(now())).then((read) => void (isWanted && (day.value = read)), (error: unknown) => {
        if (!(error instanceof CasebatonError)) throw error; // it is read again with the next change
      });
    }, day.peek() ? SETTLED_MS : 0);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [supervisor, id, offers, active, parked, wrapping]);
  return day.value && <Figures day={day.value} />;
}

function Figures({ day }: { day: DayFigures }): JSX.Element {
  const figures: [string, string][] = [
    [f.day.handled, formatNumber(day.handled)],
    [f.day.worked, formatDuration(day.worked_ms)],
    [f.day.average, day.handled + day.handed_on > 0 ? formatDuration(day.worked_ms / (day.handled + day.handed_on)) : "–"],
    [f.day.wrap, formatDuration(day.wrap_up_ms)],
    [f.day.offered, formatNumber(day.offered)],
    [f.day.accepted, formatNumber(day.accepted)],
    [f.day.missed, formatNumber(day.missed)],
    [f.day.declined, formatNumber(day.declined)],
  ];
  const recent = (day.recent ?? []).slice(0, RECENT);
  return (
    <section class="part" aria-labelledby="agent-day">
      <h3 id="agent-day">{f.today}</h3>
      <dl class="day" data-testid="agent-day">{figures.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="figure">{value}</dd></div>)}</dl>
      {recent.length > 0 && <ul class="recent" aria-label={f.finishedLast}>{recent.map((one) => <Finished one={one} key={one.case} />)}</ul>}
    </section>
  );
}

function Finished({ one }: { one: FinishedCase }): JSX.Element {
  return (
    <li>
      <PlaceLink screen="case" id={one.case}><Foreign text={one.card?.subject ?? one.case} /></PlaceLink>
      <span class="soft">
        {one.disposition ?? word(codes.caseStates, one.state)}
        {one.worked_ms !== undefined && `, ${formatDuration(one.worked_ms)}`}
        {one.ended_at_ms !== undefined && `, ${formatTime(one.ended_at_ms)}`}
      </span>
    </li>
  );
}
