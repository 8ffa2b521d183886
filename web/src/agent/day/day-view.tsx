import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Day, FinishedCase } from "../../sdk/index";
import { Foreign, recordUrl } from "../../ui/foreign";
import { formatDate, formatDuration, formatNumber, formatTime } from "../../ui/format";
import { Baton } from "../../ui/marks";
import { Sparkline } from "../../ui/sparkline";
import { Empty, Failed, Loading } from "../../ui/states";
import { t } from "../../ui/texts";
import { v } from "../../ui/texts/views";
import { midnightBefore } from "../appointments/plan";
import { whyNot } from "../why-not";
import type { Work } from "../work";
import { acceptedShare, answered, averageHandleMs, averageWrapUpMs, perHour } from "./figures";

const PAUSE_MS = 2_000; // however much happens, the day is read no more often than this

interface Read {
  day?: Day;
  failure?: unknown;
}

/** The agent's day since its own midnight, read when it is shown and again after something happened to one of its cases. */
function useDay(work: Work, attempts: number): Signal<Read | null> {
  const read = useSignal<Read | null>(null);
  useEffect(() => {
    let isShown = true;
    let isWanted = false;
    let pause: ReturnType<typeof setTimeout> | undefined;
    async function look(): Promise<void> {
      isWanted = false;
      pause = setTimeout(rest, PAUSE_MS);
      try {
        const day = await work.agent.day(midnightBefore(work.client.time.now()));
        if (isShown) read.value = { day };
      } catch (failure) {
        if (isShown) read.value = { failure };
      }
    }
    function rest(): void {
      pause = undefined;
      if (isWanted) void look();
    }
    function want(): void {
      isWanted = true;
      if (pause === undefined) void look();
    }
    const stops = [work.agent.on("notice", want), work.agent.on("snapshot", want)];
    want();
    return () => {
      isShown = false;
      clearTimeout(pause);
      for (const stop of stops) stop();
    };
  }, [work, attempts]);
  return read;
}

/** What the agent has done today: figures, how they were spread, and the cases that ended last. */
export function DayView({ work }: { work: Work }): JSX.Element {
  const attempts = useSignal(0);
  const read = useDay(work, attempts.value).value;
  const day = read?.day;
  const hasFailed = read !== null && !day;
  return (
    <section class="day" aria-labelledby="day-title" tabIndex={0} data-testid="day">
      <h2 id="day-title">{v.day}</h2>
      {read === null && <Loading />}
      {hasFailed && <Failed title={v.dayFailed} onRetry={() => void (attempts.value += 1)}>{whyNot(work, read.failure)}</Failed>}
      {day && <Figures day={day} />}
      {day && <Finished recent={day.recent ?? []} sinceMs={day.since_ms} />}
    </section>
  );
}

const duration = (ms: number | null): string => (ms === null ? v.none : formatDuration(ms));

function Figures({ day }: { day: Day }): JSX.Element {
  const hours = perHour(day);
  const share = acceptedShare(day);
  return (
    <>
      <dl class="figures">
        <div class="figure-box wide">
          <dt>{v.handled}</dt>
          <dd>
            <span data-testid="day-handled">{formatNumber(day.handled)}</span>
            {hours.length > 1 && <Sparkline points={hours} label={v.handledPerHour(hours.at(-1) ?? 0)} />}
          </dd>
        </div>
        <Figure name={v.handleTime} testid="day-handle-time" title={v.ofHandledAndHandedOn}>{duration(averageHandleMs(day))}</Figure>
        <Figure name={v.wrapUpTime} testid="day-wrap-up">{duration(averageWrapUpMs(day))}</Figure>
        <Figure name={v.accepted} testid="day-accepted" title={share === null ? undefined : v.acceptedShare(share)}>{t.ofCapacity(day.accepted, answered(day))}</Figure>
        <Figure name={v.missed} testid="day-missed">{formatNumber(day.missed)}</Figure>
        <Figure name={v.declined} testid="day-declined">{formatNumber(day.declined)}</Figure>
        <Figure name={v.handedOn} testid="day-handed-on">{formatNumber(day.handed_on)}</Figure>
      </dl>
    </>
  );
}

function Figure({ name, testid, title, children }: { name: string; testid: string; title?: string | undefined; children: string }): JSX.Element {
  return (
    <div class="figure-box">
      <dt>{name}</dt>
      <dd data-testid={testid}><span class="figure">{children}</span>{title && <span class="soft">{title}</span>}</dd>
    </div>
  );
}

function Finished({ recent, sinceMs }: { recent: readonly FinishedCase[]; sinceMs: number }): JSX.Element {
  return (
    <>
      <h3>{v.finished}</h3>
      {recent.length === 0 && <Empty title={v.nothingFinished}>{v.nothingFinishedWhy}</Empty>}
      <ul class="finished">{recent.map((one) => <li key={one.case}><FinishedRow one={one} isToday={(one.ended_at_ms ?? 0) >= sinceMs} /></li>)}</ul>
    </>
  );
}

function FinishedRow({ one, isToday }: { one: FinishedCase; isToday: boolean }): JSX.Element {
  const { card, ended_at_ms: endedAtMs, worked_ms: workedMs = 0, disposition } = one;
  const url = recordUrl(card?.url);
  return (
    <div class="finished-case" data-testid="finished" data-case={one.case}>
      <Baton meaning="waits" />
      <span class="says">
        <Foreign class="clip subject" text={card?.subject ?? one.case} />
        <span class="clip soft">
          {endedAtMs === undefined ? v.goesOnElsewhere : v.endedAfter(workedMs)}
          {disposition && <> · <Foreign text={disposition} /></>}
        </span>
      </span>
      {url && <a href={url.href} target="_blank" rel="noopener noreferrer" data-testid="record-link">{t.recordOn(url.host)}</a>}
      {endedAtMs !== undefined && <time class="soft" dateTime={new Date(endedAtMs).toISOString()}>{isToday ? formatTime(endedAtMs) : formatDate(endedAtMs)}</time>}
    </div>
  );
}
