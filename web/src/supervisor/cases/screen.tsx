import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Case, CasebatonError, type FoundCases, type LiveState } from "../../sdk/index.ts";
import { Foreign } from "../../ui/foreign";
import { formatNumber } from "../../ui/format";
import { type Column, VirtualTable } from "../../ui/grid";
import { Badge, Baton } from "../../ui/marks";
import { KEYS } from "../../ui/shortcuts";
import { Empty, Failed, Loading } from "../../ui/states";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { Age } from "../../ui/time";
import { refusal } from "../act";
import { meaningOf } from "../case/story";
import { useDashboard } from "../dashboard";
import { type Query, type Route, go, setQuery } from "../route";
import { Ended } from "./ended";
import { sought } from "./sought";

const TYPED_MS = 200; // whoever types on asks once
const MOST = 50;
const STATES: readonly LiveState[] = ["waiting", "offered", "active", "parked", "wrapping"];

type Found = FoundCases | CasebatonError | null;

const COLUMNS: readonly Column<Case>[] = [
  { key: "subject", title: w.caseColumns.subject, width: "minmax(12rem, 3fr)", draw: (one) => <><Baton meaning={meaningOf(one.state)} /><span class="clip"><Foreign text={one.card?.subject ?? one.case} /></span></> },
  { key: "state", title: w.caseColumns.state, width: "8rem", draw: ({ state }) => <Badge meaning={meaningOf(state)}>{word(codes.caseStates, state)}</Badge> },
  { key: "queue", title: w.caseColumns.queue, width: "minmax(6rem, 1fr)", draw: ({ queue }) => <span class="clip foreign">{queue}</span> },
  { key: "agent", title: w.caseColumns.agent, width: "minmax(6rem, 1fr)", draw: ({ agent = "" }) => <AgentName agent={agent} /> },
  { key: "customer", title: w.caseColumns.customer, width: "minmax(6rem, 1fr)", draw: ({ card }) => <span class="clip"><Foreign text={card?.customer ?? ""} /></span> },
  { key: "priority", title: w.caseColumns.priority, width: "4.5rem", isNumber: true, draw: ({ priority }) => formatNumber(priority) },
  { key: "age", title: w.caseColumns.age, width: "6rem", isNumber: true, draw: ({ requested_at_ms }) => <Age since={requested_at_ms} /> },
];

function AgentName({ agent }: { agent: string }): JSX.Element {
  const { floor } = useDashboard();
  return <span class="clip"><Foreign text={floor.agent(agent)?.state.value.name || agent} /></span>;
}

/** Finds live cases by what stands on them, and any by its id. The words go to the server in a command, never in a URL of it. */
export function CasesScreen({ route }: { route: Route }): JSX.Element {
  const { shortcuts } = useDashboard();
  const { state = "", queue = "" } = route.query;
  const q = sought.value;
  const search = useRef<HTMLInputElement>(null);
  const found = useFound(q.trim(), state, queue);
  useEffect(() => shortcuts.add({ name: "search", keys: KEYS.search, run: () => search.current?.focus() }), [shortcuts]);
  return (
    <div class="cases" data-testid="cases">
      <header class="screen-head"><h1>{f.screenNames.cases}</h1>{found && !(found instanceof CasebatonError) && <span class="soft" role="status">{w.foundCases(found.items.length)}{found.more && ` · ${w.moreCases}`}</span>}</header>
      <div class="toolbar" role="search">
        <input ref={search} class="input find" type="search" aria-label={w.findCases} placeholder={w.findCasesRule} value={q} data-testid="find-case" onInput={(event) => (sought.value = event.currentTarget.value)} />
        <Choice label={w.caseColumns.state} all={w.allStates} name="state" value={state} options={STATES.map((each) => [each, word(codes.caseStates, each)])} />
        <QueueChoice value={queue} />
      </div>
      <Results found={found} isAsked={q.trim() !== ""} query={route.query} />
      {q.trim() !== "" && <Ended text={q.trim()} />}
    </div>
  );
}

function Results({ found, isAsked, query }: { found: Found; isAsked: boolean; query: Query }): JSX.Element {
  if (!isAsked) return <Empty title={w.findCases}>{w.findAdvice}</Empty>;
  if (!found) return <Loading />;
  if (found instanceof CasebatonError) return <Failed title={w.findCases}>{refusal(found)}</Failed>;
  return (
    <VirtualTable name={f.screenNames.cases} rows={found.items} columns={COLUMNS} keyOf={(one) => one.case} minWidth="54rem" testid="found-cases" onOpen={(one) => go("case", one.case, query)}
      empty={<Empty title={w.noCases}>{w.noCasesAdvice}</Empty>} />
  );
}

function QueueChoice({ value }: { value: string }): JSX.Element {
  const { floor } = useDashboard();
  const names = floor.queues.value.map(({ id }) => id).sort((one, other) => one.localeCompare(other));
  return <Choice label={f.queue} all={f.allQueues} name="queue" value={value} options={names.map((name) => [name, name])} />;
}

function Choice({ label, all, name, value, options }: { label: string; all: string; name: string; value: string; options: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <select class={value === "" ? "input choice-of" : "input choice-of chosen"} aria-label={label} value={value} data-testid={`filter-${name}`} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
      <option value="">{all}</option>
      {options.map(([option, text]) => <option value={option} key={option}>{text}</option>)}
    </select>
  );
}

/** What is found; null while it is on its way, or nothing is asked. */
function useFound(text: string, state: string, queue: string): Found {
  const { supervisor } = useDashboard();
  const found = useSignal<{ of: string; result: Found }>({ of: "", result: null });
  const key = JSON.stringify([text, state, queue]);
  useEffect(() => {
    if (!text) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      const query = { limit: MOST, ...(state && { state: state as LiveState }), ...(queue && { queue }) };
      supervisor.searchCases(text, query).then(
        (result) => void (isWanted && (found.value = { of: key, result })),
        (error: unknown) => {
          if (!(error instanceof CasebatonError)) throw error;
          if (isWanted) found.value = { of: key, result: error };
        },
      );
    }, TYPED_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [supervisor, key]);
  // What was found before stays to be seen while somebody types on.
  return text ? found.value.result : null;
}
