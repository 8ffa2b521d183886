import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../ui/button";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { useDashboard } from "../dashboard";
import type { AgentRow } from "../floor/floor";
import { STANDINGS } from "../floor/standing";
import { type Query, setQuery } from "../route";
import { saveFile } from "../save-file";
import { agentsCsv } from "./csv";
import { COLUMNS } from "./columns";
import { NO_FILTER, filterOf, isFiltered, sortOf } from "./filter";

const MARK = "\ufeff"; // without it spreadsheets take UTF-8 for something else

interface ToolbarProps {
  rows: readonly AgentRow[];
  query: Query;
}

/** What is looked for; the address says it, so that it can be sent to a colleague. */
export function Toolbar({ rows, query }: ToolbarProps): JSX.Element {
  const { floor, shortcuts } = useDashboard();
  const filter = filterOf(query);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => shortcuts.add({ name: "search", keys: "/", run: () => search.current?.focus() }), [shortcuts]);
  const { teams, labels } = floor.agentTotals.value;
  return (
    <div class="toolbar" role="search">
      <input ref={search} class="input find" type="search" aria-label={f.find} placeholder={f.find} value={filter.text} data-testid="find-agent"
        onInput={(event) => setQuery({ q: event.currentTarget.value })} />
      <Choice label={f.status} all={f.allStatuses} value={filter.status} name="status">
        {STANDINGS.map((each) => <option value={each} key={each}>{f.standings[each]}</option>)}
        {sorted(labels.keys()).map((label) => <option value={`=${label}`} key={label}>{word(codes.statuses, label)}</option>)}
      </Choice>
      <Choice label={f.team} all={f.allTeams} value={filter.team} name="team">{options(sorted(teams.keys()), filter.team)}</Choice>
      <Choice label={f.queue} all={f.allQueues} value={filter.queue} name="queue">{options(sorted(floor.queues.value.map(({ id }) => id)), filter.queue)}</Choice>
      <select class="input choice-of only-phone" aria-label={f.sortBy} value={sortOf(query).column} data-testid="sort-agents" onChange={({ currentTarget: { value } }) => setQuery({ sort: value, desc: "" })}>
        {COLUMNS.map(({ key, title }) => <option value={key} key={key}>{f.orderedBy(title)}</option>)}
      </select>
      <Button pressed={filter.flagged} testid="flagged" onPress={() => setQuery({ flag: filter.flagged ? "" : "1" })}>{f.flagRaised}</Button>
      {isFiltered(filter) && <Button kind="quiet" testid="clear-filters" onPress={() => setQuery(NO_FILTER)}>{f.clearFilters}</Button>}
      <span class="spring" />
      <span class="soft rows-shown" data-testid="rows-shown">{f.rowsShown(rows.length, floor.agents.value.length)}</span>
      <Button kind="quiet" testid="export" onPress={() => saveFile("agents.csv", "text/csv;charset=utf-8", MARK + agentsCsv(rows.map(({ state }) => state.peek())))}>{f.exportCsv}</Button>
    </div>
  );
}

const sorted = (names: Iterable<string>): string[] => [...names].sort((one, other) => one.localeCompare(other));

// A link may name what is not there (any more): it stays chosen, and can be seen.
function options(names: readonly string[], chosen: string): JSX.Element[] {
  const all = chosen === "" || names.includes(chosen) ? names : [chosen, ...names];
  return all.map((name) => <option value={name} key={name}>{name}</option>);
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string;
  name: string;
  children: (JSX.Element | JSX.Element[])[] | JSX.Element[];
}

function Choice({ label, all, value, name, children }: ChoiceProps): JSX.Element {
  return (
    <select class={value === "" ? "input choice-of" : "input choice-of chosen"} aria-label={label} value={value} data-testid={`filter-${name}`}
      onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
      <option value="">{all}</option>
      {children}
    </select>
  );
}
