import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { AgentPanel } from "../agent/panel";
import { Button } from "../../ui/button";
import { plain } from "../../ui/foreign";
import { VirtualTable } from "../../ui/grid";
import { KEYS } from "../../ui/shortcuts";
import { Empty } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import type { Sort } from "../../ui/virtual";
import { useDashboard } from "../dashboard";
import type { AgentRow } from "../floor/floor";
import { type Route, go, setQuery } from "../route";
import { isPhone } from "../shell/phone";
import { CARD, CARD_REM, COLUMNS, LEAST_WIDTH } from "./columns";
import { NO_FILTER, filterOf, isFiltered, queryOf, sortOf } from "./filter";
import { useAgents } from "./order";
import { SelectionBar } from "./selection";
import { Toolbar } from "./toolbar";

const keyOf = ({ id }: AgentRow): string => id;
const nameOf = ({ id, state }: AgentRow): string => plain(state.peek().name || id);

/** All agents, and beside them the one that is looked at. */
export function AgentsScreen({ route }: { route: Route }): JSX.Element {
  const { floor } = useDashboard();
  const rows = useAgents(floor, route.query);
  const selected = useSignal<ReadonlySet<string>>(new Set());
  const active = useSignal<string | null>(route.id || null);
  const sort = useSort(route);
  const id = route.screen === "agent" ? route.id : "";
  const list = useRef<HTMLElement>(null);
  const isOpened = useRef(false); // from here, and not by a link: then the panel takes the focus
  const close = (): void => {
    go("agents", "", route.query);
    list.current?.querySelector<HTMLElement>("[role=grid]")?.focus();
  };
  useMoves(rows, id, route, close);
  useEffect(() => void (id && (active.value = id)), [id]);
  return (
    <div class={id ? "agents with-panel" : "agents"}>
      <h1 class="visually-hidden">{f.screenNames.agents}</h1>
      <Toolbar rows={rows} query={route.query} />
      <section ref={list} class="agents-list" aria-label={f.screenNames.agents}>
        <SelectionBar selected={selected} />
        <VirtualTable name={f.screenNames.agents} rows={rows} columns={isPhone.value ? CARD : COLUMNS} keyOf={keyOf} nameOf={nameOf} sort={sort} selected={selected} active={active} {...(isPhone.value ? { rowHeight: CARD_REM } : { minWidth: LEAST_WIDTH })}
          testid="agents" onOpen={(row) => {
            isOpened.current = true;
            go("agent", row.id, route.query);
          }} empty={<NoAgents route={route} />} />
      </section>
      {id && <AgentPanel key={id} id={id} takesFocus={isOpened.current} onClose={close} />}
    </div>
  );
}

function NoAgents({ route }: { route: Route }): JSX.Element {
  if (!isFiltered(filterOf(route.query))) return <Empty title={f.noAgents}>{f.noAgentsAdvice}</Empty>;
  return <Empty title={f.noMatch}>{f.noMatchAdvice} <Button kind="quiet" onPress={() => setQuery(NO_FILTER)}>{f.clearFilters}</Button></Empty>;
}

/** The order that the address says, as the table wants it. */
function useSort({ query }: Route): Signal<Sort> {
  const { column, isDescending } = sortOf(query);
  const sort = useSignal<Sort>({ column, isDescending });
  useEffect(() => {
    const { column: before, isDescending: wasDescending } = sort.peek();
    if (before !== column || wasDescending !== isDescending) sort.value = { column, isDescending };
  }, [column, isDescending]);
  useEffect(() => sort.subscribe((value) => setQuery(queryOf(value))), []);
  return sort;
}

/** Keys that go to the next agent of the table, and close the panel. */
function useMoves(rows: readonly AgentRow[], id: string, { query }: Route, close: () => void): void {
  const { shortcuts } = useDashboard();
  useEffect(() => {
    if (!id) return;
    const move = (by: number): boolean => {
      const to = rows[rows.findIndex((row) => row.id === id) + by];
      if (to) go("agent", to.id, query);
      return to !== undefined;
    };
    return shortcuts.add(
      { name: "next", keys: KEYS.next, run: () => move(1) },
      { name: "previous", keys: KEYS.previous, run: () => move(-1) },
      { name: "close", keys: KEYS.close, run: () => (document.querySelector("dialog[open], :popover-open") ? false : close()) },
    );
  }, [shortcuts, rows, id, query]);
}
