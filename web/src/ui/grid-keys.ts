import type { Signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { keysBetween } from "./virtual";

interface TravelOptions<Row> {
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  active: Signal<string | null>;
  selected: Signal<ReadonlySet<string>> | undefined;
  onOpen: ((row: Row) => void) | undefined;
  /** Rows in sight. */
  page: () => number;
}

/** How one moves and selects in a grid. Its members stay the same while what they read changes. */
export interface Travel<Row> {
  onKeyDown: (event: KeyboardEvent) => void;
  /** A press on a row, but for its own buttons. */
  onPress: (event: MouseEvent, row: Row) => void;
  /** A press on a row's check box. */
  onPick: (event: MouseEvent, key: string) => void;
  selectAll: (isOn: boolean) => void;
}

const ITS_OWN = "a, button, input, select, textarea, label";

export function useTravel<Row>(options: TravelOptions<Row>): Travel<Row> {
  const current = useRef(options);
  current.current = options;
  const travel = useRef<Travel<Row> | null>(null);
  travel.current ??= makeTravel(() => current.current);
  return travel.current;
}

function makeTravel<Row>(read: () => TravelOptions<Row>): Travel<Row> {
  let anchor: string | null = null;

  function select(keys: readonly string[], isOn: boolean): void {
    const { selected } = read();
    if (!selected) return;
    const next = new Set(selected.value);
    for (const key of keys) isOn ? next.add(key) : next.delete(key);
    selected.value = next;
  }
  function pick(key: string, isRange: boolean): void {
    const { rows, keyOf, selected } = read();
    if (!selected) return;
    const isOn = !selected.value.has(key);
    select(isRange ? keysBetween(rows.map(keyOf), anchor, key) : [key], isRange || isOn);
    anchor = key;
  }
  function selectAll(isOn: boolean): void {
    const { rows, keyOf } = read();
    select(rows.map(keyOf), isOn);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const { rows, keyOf, active, selected, onOpen, page } = read();
    if (event.target !== event.currentTarget || event.altKey) return; // in a row's button: that button's business
    const at = rows.findIndex((row) => keyOf(row) === active.value);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page(), PageUp: -page(), Home: -rows.length, End: rows.length };
    const step = steps[event.key];
    const row = rows[at];
    if (step !== undefined) {
      const to = Math.max(0, Math.min(rows.length - 1, at < 0 && step < 0 ? 0 : at + step));
      active.value = keyOf(rows[to]!);
    } else if (event.key === "Enter" && row !== undefined && onOpen) onOpen(row);
    else if (event.key === " " && row !== undefined && selected) pick(keyOf(row), event.shiftKey);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey) && selected) selectAll(true);
    else return;
    event.preventDefault();
  }
  function onPress(event: MouseEvent, row: Row): void {
    if ((event.target as HTMLElement).closest(ITS_OWN)) return;
    const { keyOf, active, onOpen } = read();
    active.value = keyOf(row);
    onOpen?.(row);
  }
  return { onKeyDown, onPress, onPick: (event, key) => pick(key, event.shiftKey), selectAll };
}
