import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case, OwnedCase } from "../sdk/index";
import { plain } from "../ui/foreign";
import { formatDate } from "../ui/format";
import { Baton } from "../ui/marks";
import { Ring } from "../ui/ring";
import { Empty } from "../ui/states";
import { Tabs } from "../ui/tabs";
import { codes, word } from "../ui/texts";
import { c } from "../ui/texts/case";
import { LiveText } from "../ui/time";
import { Actions } from "./actions";
import { StageButtons } from "./appointments/stages";
import { WorkClock } from "./desk";
import { Facts, RecordLink, StateBadge, Subject, Targets, meaningOf } from "./facts";
import { Notes } from "./notes";
import { quoted } from "./words";
import { Timeline } from "./timeline";
import { WhyHere } from "./why";
import type { Work } from "./work";

/** The chosen case of the desk with all that can be done with it. */
export function CasePanel({ work }: { work: Work }): JSX.Element {
  const owned = work.choice.shown.value;
  if (!owned) return <Empty title={c.noCase}>{c.chooseCase}</Empty>;
  return <Owned work={work} owned={owned} key={`${owned.case.case} ${owned.case.created_at_ms}`} />;
}

function Owned({ work, owned }: { work: Work; owned: OwnedCase }): JSX.Element {
  const one = work.caseOf(owned).value;
  return (
    <section class="case" aria-label={quoted(one)} data-testid="case" data-case={one.case} data-state={one.state}>
      <CaseHead one={one}><WorkClock work={work} owned={owned} /></CaseHead>
      <Standing work={work} one={one} />
      <StageButtons work={work} owned={owned} />
      <Actions work={work} owned={owned} />
      <CaseTabs work={work} one={one} onNote={(text) => work.attempt(owned.addNote(text), one)} />
    </section>
  );
}

/** What it is about, and how it stands. */
export function CaseHead({ one, children }: { one: Case; children?: JSX.Element }): JSX.Element {
  return (
    <header class="case-head">
      <Baton meaning={meaningOf(one)} />
      <div class="what">
        <h2><Subject one={one} /></h2>
        <Facts one={one}><LiveText of={one.requested_at_ms} read={(now) => c.askedFor(now - one.requested_at_ms)} title={formatDate(one.requested_at_ms)} class="age" /></Facts>
        <p class="facts"><StateBadge one={one} /> <Targets one={one} /> <RecordLink one={one} /></p>
      </div>
      <span class="clock">{children}</span>
    </header>
  );
}

/** What is going on with it beside the work: handed over, withdrawn, resting, wrapping up. */
function Standing({ work, one }: { work: Work; one: Case }): JSX.Element | null {
  const { state, target, ends_as, deadline_at_ms = 0, target_deadline_at_ms = 0 } = one;
  if (target) {
    return (
      <p class="standing" role="status" data-testid="standing">
        <Ring deadlineAtMs={target_deadline_at_ms} startAtMs={one.state_at_ms} /> {c.offeredTo(plain(work.names.of(target)))}
      </p>
    );
  }
  if (state !== "wrapping") return null;
  return (
    <p class="standing" role="status" data-testid="standing">
      {deadline_at_ms > 0 && <Ring deadlineAtMs={deadline_at_ms} startAtMs={one.state_at_ms} />}
      {ends_as === "cancelled" ? c.withdrawnFinishUp : ends_as ? c.closesAs(word(codes.caseStates, ends_as)) : c.closesWhenOver}
    </p>
  );
}

interface CaseTabsProps {
  work: Work;
  one: Case;
  /** Add a note; answers whether that worked. Without it none can be added. */
  onNote?: (text: string) => Promise<boolean>;
}

/** What is known of the case: notes, its way so far, why it is where it is. */
export function CaseTabs({ work, one, onNote }: CaseTabsProps): JSX.Element {
  const chosen = useSignal("notes");
  const tabs = [
    { key: "notes", label: one.notes > 0 ? c.notes(one.notes) : c.noNotes },
    { key: "timeline", label: c.timeline },
    { key: "why", label: c.why },
  ];
  return (
    <div class="case-tabs">
      <Tabs name={c.details} tabs={tabs} chosen={chosen}>
        {(key) =>
          key === "notes" ? <Notes work={work} one={one} {...(onNote && { onNote })} /> : key === "timeline" ? <Timeline work={work} one={one} /> : <WhyHere work={work} one={one} />}
      </Tabs>
    </div>
  );
}
