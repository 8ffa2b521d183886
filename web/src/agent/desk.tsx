import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { OwnedCase } from "../sdk/index";
import { Foreign } from "../ui/foreign";
import { formatLeft, formatMoment } from "../ui/format";
import { Baton } from "../ui/marks";
import { Empty } from "../ui/states";
import { t } from "../ui/texts/basic";
import { a } from "../ui/texts/agent";
import { Clock, LiveText } from "../ui/time";
import { Subject, Targets, isPlanned, meaningOf } from "./facts";
import { Many } from "./late-parts";
import { quoted } from "./words";
import type { Work } from "./work";

export type Picked = Signal<ReadonlySet<OwnedCase>>;

/** What the agent owns, newest first. What is done with several of them stands below: choosing moves no row. */
export function Desk({ work }: { work: Work }): JSX.Element {
  const desk = work.desk.value;
  const picked = useSignal<ReadonlySet<OwnedCase>>(new Set());
  const mine = new Set([...picked.value].filter((each) => desk.includes(each)));
  return (
    <section class="desk" aria-labelledby="desk-title">
      <h2 id="desk-title">{a.desk} <span class="count">{desk.length}</span></h2>
      <ul>
        {desk.map((owned) => <Row work={work} owned={owned} picked={picked} key={`${owned.case.case} ${owned.case.created_at_ms}`} />)}
      </ul>
      {mine.size > 0 && <Many work={work} picked={[...mine]} onDone={() => (picked.value = new Set())} />}
      {desk.length === 0 && <Empty title={a.ownNothing}>{work.status.value?.status === "online" ? a.offersCome : a.offersComeOnline}</Empty>}
    </section>
  );
}

function Row({ work, owned, picked }: { work: Work; owned: OwnedCase; picked: Picked }): JSX.Element {
  const one = work.caseOf(owned).value;
  const { shown, view } = work.choice;
  const isShown = shown.value === owned && view.value.kind === "case";
  function pick(isPicked: boolean): void {
    const chosen = new Set(picked.value);
    if (isPicked) chosen.add(owned);
    else chosen.delete(owned);
    picked.value = chosen;
  }
  return (
    <li class={isShown ? "desk-row shown" : "desk-row"} data-testid="desk-case" data-case={one.case} data-state={one.state}>
      <Baton meaning={meaningOf(one)} />
      <input type="checkbox" aria-label={t.select(quoted(one))} checked={picked.value.has(owned)} data-testid="pick" onChange={(event) => pick(event.currentTarget.checked)} />
      <button type="button" class="open" aria-current={isShown ? "true" : undefined} data-testid="desk-open" onClick={() => work.choice.show(owned)}>
        <Subject one={one} />
        <span class="soft">
          {one.card?.customer && <><Foreign text={one.card.customer} /> · </>}
          {one.queue} <Targets one={one} />
        </span>
      </button>
      <span class="clock"><WorkClock owned={owned} work={work} /></span>
    </li>
  );
}

/** How long it is being worked on, what is left of its wrap-up, until when it rests, or for when it is planned. */
export function WorkClock({ owned, work }: { owned: OwnedCase; work: Work }): JSX.Element {
  const one = work.caseOf(owned).value;
  const { state, deadline_at_ms: deadline = 0, wake_at_ms: wakeAtMs, wake_pending } = one;
  if (state === "wrapping" && deadline > 0) return <LiveText class="figure" of={deadline} read={(now) => formatLeft(deadline - now)} title={a.wrapUpLeft} testid="wrap-up-left" />;
  const at = (ms: number, says = (moment: string) => moment): JSX.Element => <LiveText class="soft" of={ms} read={(now) => says(formatMoment(ms, now))} />;
  if (state === "parked") return wakeAtMs && !wake_pending ? at(wakeAtMs, a.wakesAt) : <span class="soft">{wake_pending ? a.wakesSoon : a.parked}</span>;
  if (isPlanned(one)) return one.window ? at(one.window.from_ms) : <span class="soft">{a.planned}</span>;
  return <span title={one.stage ? a.sinceAccepted : a.workedOn}><Clock class="figure" since={one.state_at_ms} plus={one.worked_ms} testid="work-clock" /></span>;
}
