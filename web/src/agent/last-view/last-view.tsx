import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Link } from "../../door/link";
import type { Case } from "../../sdk/index";
import { Foreign } from "../../ui/foreign";
import { formatDate } from "../../ui/format";
import { Baton } from "../../ui/marks";
import type { LastView as Last } from "../../ui/last-view";
import { Banner } from "../../ui/notes";
import { codes, t, word } from "../../ui/texts";
import { v } from "../../ui/texts/views";
import { Details } from "../appointments/appointments";
import { formatDay, formatTimes } from "../appointments/dates";
import { byDay, isAppointment } from "../appointments/plan";
import { subjectOf } from "../queues/columns";
import { kept, type KeptWork } from "./kept";

/** One's work as it stood when there was a connection last, to read: for when the page is opened without one. Without a link nobody is signed in: then only while the server cannot be reached (`isCut`). */
export function LastView({ link, isCut = false }: { link: Link | null; isCut?: boolean }): JSX.Element | null {
  const last = useSignal<Last<KeptWork> | null>(null);
  const hasFailed = useSignal(false);
  if (link?.retryAtMs.value != null) hasFailed.value = true;
  useEffect(() => void kept().then((found) => (last.value = found)), []);
  if (link?.wasThere.value || !(isCut || hasFailed.value) || !last.value) return null;
  return <Picture last={last.value} />;
}

function Picture({ last: { atMs, view } }: { last: Last<KeptWork> }): JSX.Element {
  const days = byDay(view.desk.filter(isAppointment).map((one) => ({ case: one })));
  const others = view.desk.filter((one) => !isAppointment(one));
  return (
    <section class="last-view" aria-labelledby="last-view-title" data-testid="last-view">
      <Banner meaning="soon" testid="last-view-banner">{t.offlineSince(formatDate(atMs))}</Banner>
      <h2 id="last-view-title">{v.lastView}</h2>
      <Group title={v.rangAtYou} cases={view.offers} />
      {days.map(({ atMs: day, appointments }) => (
        <Group title={day === null ? v.withoutTime : formatDay(day)} cases={appointments.map((each) => each.case)} key={day ?? "none"} />
      ))}
      <Group title={v.onYourDesk} cases={others} />
      {view.offers.length + view.desk.length === 0 && <p class="soft">{v.nothingKept}</p>}
    </section>
  );
}

function Group({ title, cases }: { title: string; cases: readonly Case[] }): JSX.Element | null {
  if (cases.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 class="day-name">{title}</h3>
      <ul class="plan">{cases.map((one) => <li key={one.case}><KeptCase one={one} /></li>)}</ul>
    </section>
  );
}

function KeptCase({ one }: { one: Case }): JSX.Element {
  const { window, stage, state } = one;
  return (
    <article class="appointment" data-testid="kept-case" data-case={one.case}>
      <Baton meaning={window ? "planned" : "waits"} />
      <div class="about">
        {window && <span class="when"><time class="figure">{formatTimes(window.from_ms, window.until_ms)}</time></span>}
        <Foreign class="subject" text={subjectOf(one)} />
        <span class="soft">{stage ? word(codes.stages, stage) : word(codes.caseStates, state)}</span>
        <Details one={one} />
      </div>
    </article>
  );
}
