import type { ComponentChildren, JSX } from "preact";
import type { AgentOverview } from "../../sdk/index.ts";
import { Foreign } from "../../ui/foreign";
import { formatList, formatNumber } from "../../ui/format";
import type { Column } from "../../ui/grid";
import { Icon } from "../../ui/icons";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { Clock } from "../../ui/time";
import type { AgentRow } from "../floor/floor";
import { STANDINGS, standingOf } from "../floor/standing";
import { StandingDot } from "../floor/standing-dot";

function nameCell({ name, agent }: AgentOverview): JSX.Element {
  return (
    <span class="named">
      <span class="clip"><Foreign text={name || agent} /></span>
      {name !== "" && name !== agent && <small class="soft clip">{agent}</small>}
    </span>
  );
}

/** The status in words: a configured one by its own name, with what comes next. */
export function statusWords({ status, label, next_status }: AgentOverview): string {
  const now = label && label !== status ? label : word(codes.statuses, status);
  return next_status ? `${now}, ${f.nextStatus(word(codes.statuses, next_status))}` : now;
}

/** How it stands, in the words of the filter and the wallboard; a configured status, or one that ends soon, by its name. */
export function standingWords(agent: AgentOverview): string {
  const standing = standingOf(agent);
  if (standing === "lost") return f.standings.lost;
  const isPlain = !agent.label || agent.label === agent.status;
  return isPlain && agent.next_status === "" ? f.standings[standing] : statusWords(agent);
}

/** How it is connected: who is not at work need not be. */
export function presenceWords({ status, presence }: AgentOverview): string {
  return status === "offline" && presence !== "connected" ? f.notConnected : word(codes.presences, presence);
}

function statusCell(agent: AgentOverview): JSX.Element {
  return <StandingDot standing={standingOf(agent)}><span class="foreign" title={statusWords(agent)}>{standingWords(agent)}</span></StandingDot>;
}

/** A stroke for each kind of work. Primary work goes before interruptible: together they may be more than the capacity. */
export function LoadBar({ agent }: { agent: AgentOverview }): JSX.Element {
  const { held_primary, held_interruptible, capacity, interruptible_capacity } = agent;
  const held = held_primary + held_interruptible;
  const whole = Math.max(capacity, held, 1);
  const isOver = held_primary > capacity || held_interruptible > interruptible_capacity;
  const text = f.loadTitle(held_primary, held_interruptible, capacity, interruptible_capacity);
  return (
    <span class="load" title={text}>
      <span class={isOver ? "load-bar over" : "load-bar"} aria-hidden="true">
        <i class="primary" style={{ inlineSize: `${(100 * held_primary) / whole}%` }} />
        <i class="interruptible" style={{ inlineSize: `${(100 * held_interruptible) / whole}%` }} />
      </span>
      <span class="visually-hidden">{text}</span>
      <span class="figure" aria-hidden="true">{formatNumber(held)}/{formatNumber(capacity)}</span>
    </span>
  );
}

function countCell(count: number): JSX.Element {
  return <span class={count > 0 ? "figure" : "figure soft"}>{formatNumber(count)}</span>;
}

const SHOWN = 3; // queues
const queuesOf = ({ queues, queues_by_skill }: AgentOverview): string[] => [...queues, ...queues_by_skill];

function queuesCell(agent: AgentOverview): JSX.Element {
  const all = queuesOf(agent);
  const more = all.length - SHOWN;
  return <span class="clip foreign" title={formatList(all)}>{all.slice(0, SHOWN).join(", ")}{more > 0 && ` ${f.moreQueues(more)}`}</span>;
}

function flagCell({ flag }: AgentOverview): JSX.Element | null {
  if (!flag) return null;
  return <span class="flagged mark-soon" title={flag.text}><Icon name="flag" /><Clock since={flag.raised_at_ms} /><span class="visually-hidden">{f.flagUp}</span></span>;
}

const by = (read: (agent: AgentOverview) => number) => (one: AgentRow, other: AgentRow): number => read(one.state.peek()) - read(other.state.peek());
const collator = new Intl.Collator(undefined, { numeric: true });
const byText = (read: (agent: AgentOverview) => string) => (one: AgentRow, other: AgentRow): number => collator.compare(read(one.state.peek()), read(other.state.peek()));
const load = ({ held_primary, held_interruptible, capacity }: AgentOverview): number => (held_primary + held_interruptible) / Math.max(1, capacity);

interface Of {
  key: keyof typeof f.columns;
  width: string;
  isNumber?: boolean;
  cell: (agent: AgentOverview) => ComponentChildren;
  compare: (one: AgentRow, other: AgentRow) => number;
}

// A row reads its own signal while it is drawn, so a change draws that row and no table.
function column({ key, cell, ...rest }: Of): Column<AgentRow> {
  return { key, title: f.columns[key], draw: (row) => cell(row.state.value), ...rest };
}

/** The table's columns. Times sort by how long, not by when. */
export const COLUMNS: readonly Column<AgentRow>[] = [
  column({ key: "agent", width: "minmax(6.5rem, 2fr)", cell: nameCell, compare: byText(({ name, agent }) => name || agent) }),
  column({
    key: "status", width: "minmax(9.5rem, 1.3fr)", compare: by((agent) => STANDINGS.indexOf(standingOf(agent))),
    cell: statusCell,
  }),
  column({
    key: "time", width: "3.75rem", isNumber: true, compare: by(({ status_at_ms }) => -(status_at_ms ?? Infinity)),
    cell: ({ status_at_ms }) => status_at_ms !== undefined && <Clock since={status_at_ms} />,
  }),
  column({ key: "flag", width: "4.75rem", cell: flagCell, compare: by(({ flag }) => flag?.raised_at_ms ?? Infinity) }),
  column({ key: "load", width: "4.75rem", cell: (agent) => <LoadBar agent={agent} />, compare: by(load) }),
  column({ key: "offers", width: "3.75rem", isNumber: true, cell: ({ offers }) => countCell(offers), compare: by(({ offers }) => offers) }),
  column({ key: "active", width: "3.25rem", isNumber: true, cell: ({ active }) => countCell(active), compare: by(({ active }) => active) }),
  column({ key: "parked", width: "3.5rem", isNumber: true, cell: ({ parked }) => countCell(parked), compare: by(({ parked }) => parked) }),
  column({ key: "wrapping", width: "2.75rem", isNumber: true, cell: ({ wrapping }) => countCell(wrapping), compare: by(({ wrapping }) => wrapping) }),
  column({ key: "queues", width: "minmax(6rem, 1.5fr)", cell: queuesCell, compare: byText((agent) => queuesOf(agent).join()) }),
  column({ key: "team", width: "minmax(4rem, 1fr)", cell: ({ team }) => <span class="clip foreign">{team}</span>, compare: byText(({ team }) => team) }),
  column({
    key: "presence", width: "8.5rem", compare: byText(presenceWords),
    cell: (agent) => <span class={standingOf(agent) === "lost" ? "clip" : "soft clip"}>{presenceWords(agent)}</span>,
  }),
];

/** Below this width the table scrolls sideways: what the columns take at least. */
export const LEAST_WIDTH = "68rem";

/** On a phone: all of an agent in two lines. */
export const CARD: readonly Column<AgentRow>[] = [{ ...COLUMNS[0]!, draw: (row) => <AgentCard agent={row.state.value} /> }];
export const CARD_REM = 4;

function AgentCard({ agent }: { agent: AgentOverview }): JSX.Element {
  const { offers, active, parked, wrapping, status_at_ms } = agent;
  const counts = [[f.columns.offers, offers], [f.columns.active, active], [f.columns.parked, parked], [f.columns.wrapping, wrapping]] as const;
  return (
    <div class="agent-card">
      <span class="clip name"><Foreign text={agent.name || agent.agent} /></span>
      <span class="soft clip">{counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${formatNumber(count)}`).join(" · ")}</span>
      {flagCell(agent)}
      <span class="stands">{statusCell(agent)}{status_at_ms !== undefined && <Clock since={status_at_ms} class="soft" />}</span>
      <LoadBar agent={agent} />
    </div>
  );
}
