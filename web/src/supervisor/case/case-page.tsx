import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { CaseDetail, Why } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/fields";
import { Foreign } from "../../ui/foreign";
import { formatExactTime } from "../../ui/format";
import { Badge, Baton } from "../../ui/marks";
import { Empty, Failed, Loading } from "../../ui/states";
import { codes, t, word } from "../../ui/texts";
import { w } from "../../ui/texts/work";
import { Clock } from "../../ui/time";
import { act, refusal } from "../act";
import { useDashboard } from "../dashboard";
import { type Route, href } from "../route";
import { CaseActions } from "./actions";
import { EndedCasePage } from "./ended-page";
import { Erase } from "./erase";
import { CaseData, CaseFacts, RecordLink } from "./facts";
import { LifeDetails } from "./life";
import { useNames } from "./names";
import { meaningOf } from "./story";
import { Notes, Timeline } from "./timeline";
import { WatchedCase } from "./watched-case";
import { agentWords } from "./whose";
import { WhyView } from "./why";

/** One case, live: why it is where it is, whose it has been, what stands on it, and everything that can be done with it. */
export function CasePage({ route }: { route: Route }): JSX.Element {
  const { supervisor, overview } = useDashboard();
  const watched = useMemo(() => new WatchedCase(supervisor, overview, route.id), [supervisor, route.id]);
  useEffect(() => () => watched.close(), [watched]);
  const one = watched.one.value;
  const failure = watched.failure.value;
  return (
    <div class="case-page" data-testid="case-page">
      <a class="back-link" href={href("cases", "", route.query)}>{w.backToCases}</a>
      {one ? <Whole watched={watched} one={one} /> : failure ? <NotThere id={route.id} code={failure.code} why={refusal(failure)} onRetry={() => watched.read()} /> : <Loading />}
    </div>
  );
}

const GONE: ReadonlySet<string> = new Set(["CASE_NOT_FOUND", "OUT_OF_SCOPE"]);

function NotThere({ id, code, why, onRetry }: { id: string; code: string; why: string; onRetry: () => unknown }): JSX.Element {
  return GONE.has(code) ? <EndedCasePage id={id} key={id}><Empty title={w.caseGone(id)}>{w.caseGoneAdvice}</Empty></EndedCasePage> : <Failed title={w.caseGone(id)} onRetry={onRetry}>{why}</Failed>;
}

function Whole({ watched, one }: { watched: WatchedCase; one: CaseDetail }): JSX.Element {
  const why = watched.why.value;
  return (
    <>
      <Head one={one} />
      <CaseActions one={one} />
      <div class="case-body">
        <div>
          {why && <WhyPanel why={why} />}
          <div class="panel"><Timeline watched={watched} /></div>
          <LifeDetails id={one.case} revision={one.revision} />
        </div>
        <div>
          <section class="panel"><CaseFacts one={one} /><CaseData data={one.data} /><Erase customer={one.card?.customer ?? ""} /></section>
          <section class="panel" aria-labelledby="case-notes">
            <h2 id="case-notes">{w.notes}</h2>
            <Notes watched={watched} />
            <NoteForm one={one} />
          </section>
        </div>
      </div>
    </>
  );
}

function Head({ one }: { one: CaseDetail }): JSX.Element {
  const nameOf = useNames();
  return (
    <header class="case-head" data-testid="case-head" data-state={one.state}>
      <Baton meaning={meaningOf(one.state)} />
      <div class="what">
        <h1><Foreign text={one.card?.subject ?? one.case} /></h1>
        <p class="stands">
          <Badge meaning={meaningOf(one.state)} testid="case-state">{word(codes.caseStates, one.state)}</Badge>
          <Clock since={one.state_at_ms} class="soft" />
          {one.agent && <a href={href("agent", one.agent)} class="foreign">{agentWords(one, nameOf(one.agent))}</a>}
          <a href={href("queue", one.queue)} class="foreign">{w.inQueue(one.queue)}</a>
          <span class="soft">{t.priority(one.priority)}</span>
          <RecordLink url={one.card?.url} />
        </p>
      </div>
    </header>
  );
}

function WhyPanel({ why }: { why: Why }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="case-why">
      <header class="panel-head">
        <h2 id="case-why">{why.case.state === "waiting" ? w.whyHead : w.whyNow}</h2>
        <span class="soft">{w.asOf(formatExactTime(why.at_ms))}</span>
      </header>
      <WhyView why={why} />
    </section>
  );
}

const MOST_TEXT = 2_000;

function NoteForm({ one }: { one: CaseDetail }): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const text = useSignal("");
  async function add(): Promise<void> {
    const written = text.value.trim();
    if (written && (await act(notices, w.addNote, () => supervisor.addNote(one.case, written), w.noteAdded))) text.value = "";
  }
  return (
    <div class="note-form">
      <TextField label={w.newNote} lines={2} maxLength={MOST_TEXT} value={text.value} testid="note-text" onInput={(value) => (text.value = value)} />
      <Button testid="add-note" onPress={add}>{w.addNote}</Button>
    </div>
  );
}
