import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { CasebatonError } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Empty, Failed, Loading } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { r } from "../../ui/texts/reports";
import { type Query, type Route, href, setQuery } from "../route";
import { Ageing } from "./ageing";
import { Agents } from "./agents";
import { type Asked, REPORTS, type ReportName, askedOf, queryFor, serverName, tableQuery } from "./asked";
import { Field } from "./field";
import { Legend } from "./legend";
import { nothingOf } from "./nothing";
import { Reasons } from "./reasons";
import { Service } from "./service";
import { ownZone } from "./span";
import { Staffing } from "./staffing";
import { Status } from "./status";
import { NumbersTable } from "./table";
import { Csv, Toolbar } from "./toolbar";
import { useReport } from "./use-report";
import type { ViewProps } from "./view";
import { whyNot } from "./why-not";

const VIEWS: Readonly<Record<ReportName, ComponentType<ViewProps>>> = { service: Service, agents: Agents, reasons: Reasons, ageing: Ageing, staffing: Staffing, field: Field };

/** What the history amounts to: a report of a period, whose address says all of what is asked. */
export function ReportsScreen({ route }: { route: Route }): JSX.Element {
  const turn = useSignal(0);
  const asked = askedOf(route, ownZone());
  // A colleague in another place is to see the same days.
  useEffect(() => void (route.query["zone"] || setQuery({ zone: ownZone() })), [route.query["zone"]]);
  return (
    <div class="reports" data-testid="reports">
      <header class="screen-head"><h1>{f.screenNames.reports}</h1><span class="soft">{r.rules[asked.report]}</span><span class="spring" />{!asked.fault && <span class="actions"><Button kind="quiet" testid="read-again" onPress={() => void turn.value++}>{r.again}</Button><Csv asked={asked} /></span>}</header>
      <Tabs report={asked.report} query={route.query} />
      <Toolbar asked={asked} />
      {!asked.fault && <Body key={asked.report} asked={asked} query={route.query} turn={turn.value} />}
    </div>
  );
}

// On a phone the tabs are a row that is moved sideways.
function Tabs({ report, query }: { report: ReportName; query: Query }): JSX.Element {
  const current = useRef<HTMLAnchorElement>(null);
  useLayoutEffect(() => current.current?.scrollIntoView({ block: "nearest", inline: "center" }), [report]);
  return (
    <nav class="tabs" aria-label={r.which} data-testid="report-tabs">
      {REPORTS.map((each) => <a key={each} ref={each === report ? current : null} class="tab" href={href("reports", each, queryFor(query))} aria-current={each === report ? "page" : undefined} data-testid={`report-${each}`}>{r.names[each]}</a>)}
    </nav>
  );
}

function Body({ asked, query, turn }: { asked: Asked; query: Query; turn: number }): JSX.Element {
  const { answered, failure, isStale, again } = useReport(serverName(asked.report), tableQuery(asked), turn);
  if (failure) return <NotThere failure={failure} onRetry={again} />;
  if (!answered) return <Loading />;
  const { report } = answered;
  const View = VIEWS[asked.report];
  const isEmpty = report.rows.length === 0;
  const nothing = nothingOf(report);
  return (
    <div class={isStale ? "report stale" : "report"} aria-busy={isStale} data-testid="report" data-report={report.report}>
      <Status asked={asked} answer={report} />
      {isEmpty && asked.report !== "ageing" ? <Empty title={nothing.title}>{nothing.advice}</Empty> : <><View asked={asked} answer={report} turn={turn} />{hasTable(asked) && <NumbersTable asked={asked} answer={report} query={query} />}</>}
      <Legend answer={report} />
    </div>
  );
}

// Reasons by themselves are all there already, as long as nothing is beside them.
const hasTable = ({ report, by, isCompared }: Asked): boolean => report !== "reasons" || by !== "" || isCompared;

function NotThere({ failure, onRetry }: { failure: CasebatonError; onRetry: () => unknown }): JSX.Element {
  if (failure.code === "NO_HISTORY") return <Empty title={r.noHistory} testid="no-history">{r.noHistoryAdvice}</Empty>;
  if (failure.code === "HISTORY_NOT_READY") return <Failed title={r.notReady} onRetry={onRetry}>{r.notReadyAdvice}</Failed>;
  return <Failed title={r.failed} onRetry={onRetry}>{whyNot(failure)}</Failed>;
}
