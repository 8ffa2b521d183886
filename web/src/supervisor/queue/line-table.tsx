import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Foreign } from "../../ui/foreign";
import { formatNumber } from "../../ui/format";
import { type Column, VirtualTable } from "../../ui/grid";
import { Badge, Baton } from "../../ui/marks";
import { Empty, Failed, Loading } from "../../ui/states";
import { w } from "../../ui/texts/work";
import { Clock } from "../../ui/time";
import { act, refusal } from "../act";
import { Due } from "../case/facts";
import { useNames } from "../case/names";
import { useDashboard } from "../dashboard";
import { go } from "../route";
import { useLine } from "./live-line";
import { ManyBar } from "./many";
import { WhySheet, subjectOf } from "./why-sheet";

function columns(onWhy: (one: Case) => void): readonly Column<Case>[] {
  return [
    { key: "subject", title: w.caseColumns.subject, width: "minmax(12rem, 3fr)", draw: (one) => <Subject one={one} /> },
    { key: "waited", title: w.caseColumns.waited, width: "5rem", isNumber: true, draw: ({ queued_at_ms, state_at_ms }) => <Clock since={queued_at_ms || state_at_ms} /> },
    { key: "priority", title: w.caseColumns.priority, width: "4.5rem", isNumber: true, draw: ({ priority }) => formatNumber(priority) },
    { key: "skills", title: w.caseColumns.skills, width: "minmax(6rem, 1fr)", draw: ({ skills = {} }) => <span class="clip foreign">{Object.entries(skills).map(([skill, level]) => `${skill} ${formatNumber(level)}`).join(", ")}</span> },
    { key: "customer", title: w.caseColumns.customer, width: "minmax(6rem, 1fr)", draw: ({ card }) => <span class="clip"><Foreign text={card?.customer ?? ""} /></span> },
    { key: "due", title: w.caseColumns.due, width: "7rem", isNumber: true, draw: ({ first_owner_due_at_ms, due_at_ms }) => (first_owner_due_at_ms ?? due_at_ms) !== undefined && <Due atMs={(first_owner_due_at_ms ?? due_at_ms)!} /> },
    { key: "why", title: w.why, width: "4.5rem", draw: (one) => <Button kind="quiet" testid="why-of" onPress={() => onWhy(one)}>{w.why}</Button> },
  ];
}

function Subject({ one }: { one: Case }): JSX.Element {
  const nameOf = useNames();
  const agent = one.required_agent ?? one.preferred_agent;
  return (
    <>
      <Baton meaning={one.window ? "planned" : "waits"} />
      <span class="clip"><Foreign text={one.card?.subject ?? one.case} /></span>
      {agent && <Badge title={one.required_agent ? w.facts.required : w.facts.preferred}>{nameOf(agent)}</Badge>}
    </>
  );
}

/** The waiting cases, live, best first; what is chosen can be moved together. */
export function LineTable({ queue }: { queue: string }): JSX.Element {
  const { notices } = useDashboard();
  const seen = useLine(queue);
  const asked = useSignal<Case | null>(null);
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const head = useComputed(() => columns((one) => (asked.value = one)));
  const { line, cases, waiting, isComplete, isThere, failure } = seen.value;
  if (failure) return <Failed title={w.lineFailed}>{refusal(failure)}</Failed>;
  if (!isThere || !line) return <Loading />;
  const chosen = cases.filter(({ case: id }) => selected.value.has(id));
  return (
    <div class="line-table">
      <ManyBar chosen={chosen} queue={queue} onClear={() => (selected.value = new Set())} />
      <VirtualTable name={w.lineTab} rows={cases} columns={head.value} keyOf={(one) => one.case} nameOf={subjectOf} selected={selected} minWidth="48rem" testid="line"
        onOpen={(one) => go("case", one.case)} empty={<Empty title={w.lineEmpty}>{w.lineEmptyAdvice}</Empty>} />
      {!isComplete && cases.length < waiting && (
        <p class="actions"><span class="soft">{w.lineShown(cases.length, waiting)}</span><Button testid="load-more" onPress={() => act(notices, w.loadMore, () => line.more(), null)}>{w.loadMore}</Button></p>
      )}
      {asked.value && <WhySheet one={asked.value} line={line} onClose={() => (asked.value = null)} />}
    </div>
  );
}
