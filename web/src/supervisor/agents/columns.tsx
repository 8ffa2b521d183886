import type { JSX } from "preact";
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

interface CellProps {
  row: AgentRow;
}

// Each cell reads its row's signal itself, so that a change draws cells and no table.

function Name({ row }: CellProps): JSX.Element {
  const { name, agent } = row.state.value;
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

function Status({ row }: CellProps): JSX.Element {
  const agent = row.state.value;
  return <StandingDot standing={standingOf(agent)}><span class="foreign">{statusWords(agent)}</span></StandingDot>;
}

function Time({ row }: CellProps): JSX.Element | null {
  const since = row.state.value.status_at_ms;
  return since === undefined ? null : <Clock since={since} />;
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

function Count({ row, of }: CellProps & { of: "offers" | "active" | "parked" | "wrapping" }): JSX.Element {
  const count = row.state.value[of];
  return <span class={count > 0 ? "figure" : "figure soft"}>{formatNumber(count)}</span>;
}

const SHOWN = 3; // queues
const queuesOf = ({ queues, queues_by_skill }: AgentOverview): string[] => [...queues, ...queues_by_skill];

function Queues({ row }: CellProps): JSX.Element {
  const all = queuesOf(row.state.value);
  const more = all.length - SHOWN;
  return <span class="clip foreign" title={formatList(all)}>{all.slice(0, SHOWN).join(", ")}{more > 0 && ` ${f.moreQueues(more)}`}</span>;
}

function Flag({ row }: CellProps): JSX.Element | null {
  const { flag } = row.state.value;
  if (!flag) return null;
  return <span class="flagged mark-soon" title={flag.text}><Icon name="flag" /><Clock since={flag.raised_at_ms} /><span class="visually-hidden">{f.flagUp}</span></span>;
}

const by = (read: (agent: AgentOverview) => number) => (one: AgentRow, other: AgentRow): number => read(one.state.peek()) - read(other.state.peek());
const collator = new Intl.Collator(undefined, { numeric: true });
const byText = (read: (agent: AgentOverview) => string) => (one: AgentRow, other: AgentRow): number => collator.compare(read(one.state.peek()), read(other.state.peek()));
const load = ({ held_primary, held_interruptible, capacity }: AgentOverview): number => (held_primary + held_interruptible) / Math.max(1, capacity);

/** The table's columns. Times sort by how long, not by when. */
export const COLUMNS: readonly Column<AgentRow>[] = [
  { key: "agent", title: f.columns.agent, width: "minmax(9rem, 2fr)", draw: (row) => <Name row={row} />, compare: byText(({ name, agent }) => name || agent) },
  { key: "status", title: f.columns.status, width: "minmax(8rem, 1.3fr)", draw: (row) => <Status row={row} />, compare: by((agent) => STANDINGS.indexOf(standingOf(agent))) },
  { key: "time", title: f.columns.time, width: "4.25rem", isNumber: true, draw: (row) => <Time row={row} />, compare: by(({ status_at_ms }) => -(status_at_ms ?? Infinity)) },
  { key: "load", title: f.columns.load, width: "7rem", draw: (row) => <Load row={row} />, compare: by(load) },
  { key: "offers", title: f.columns.offers, width: "3.75rem", isNumber: true, draw: (row) => <Count row={row} of="offers" />, compare: by(({ offers }) => offers) },
  { key: "active", title: f.columns.active, width: "3.25rem", isNumber: true, draw: (row) => <Count row={row} of="active" />, compare: by(({ active }) => active) },
  { key: "parked", title: f.columns.parked, width: "3.5rem", isNumber: true, draw: (row) => <Count row={row} of="parked" />, compare: by(({ parked }) => parked) },
  { key: "wrapping", title: f.columns.wrapping, width: "4rem", isNumber: true, draw: (row) => <Count row={row} of="wrapping" />, compare: by(({ wrapping }) => wrapping) },
  { key: "flag", title: f.columns.flag, width: "4.5rem", draw: (row) => <Flag row={row} />, compare: by(({ flag }) => flag?.raised_at_ms ?? Infinity) },
  { key: "queues", title: f.columns.queues, width: "minmax(6rem, 1.5fr)", draw: (row) => <Queues row={row} />, compare: byText((agent) => queuesOf(agent).join()) },
  { key: "team", title: f.columns.team, width: "minmax(4rem, 1fr)", draw: (row) => <Team row={row} />, compare: byText(({ team }) => team) },
  { key: "presence", title: f.columns.presence, width: "6.25rem", draw: (row) => <Presence row={row} />, compare: byText(({ presence }) => presence) },
];

function Load({ row }: CellProps): JSX.Element {
  return <LoadBar agent={row.state.value} />;
}

function Team({ row }: CellProps): JSX.Element {
  return <span class="clip foreign">{row.state.value.team}</span>;
}

function Presence({ row }: CellProps): JSX.Element {
  const { presence } = row.state.value;
  return <span class={presence === "connected" ? "soft clip" : "clip"}>{word(codes.presences, presence)}</span>;
}
