import { type Signal, useSignal } from "@preact/signals";
import { Component, type ComponentChildren, type JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { type Travel, useTravel } from "./grid-keys";
import { Icon } from "./icons";
import { density } from "./preferences";
import { t } from "./texts";
import { DENSITY, type Range, rangeAt, scrollFor, type Sort, type Sortable } from "./virtual";

export interface Column<Row> extends Sortable<Row> {
  title: string;
  draw: (row: Row) => ComponentChildren;
  /** A grid track, such as "minmax(12rem, 2fr)" or "6rem". */
  width?: string;
  /** Figures stand at the end of their column. */
  isNumber?: boolean;
}

interface RowsProps<Row> {
  /** What the rows are, in words. */
  name: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** In rem, the same for every row. By density unless given. */
  rowHeight?: number;
  /** Which row the keyboard is at; give one to move it from elsewhere. */
  active?: Signal<string | null>;
  /** Give one, and rows can be selected. */
  selected?: Signal<ReadonlySet<string>>;
  /** What a row is called, for its check box. */
  nameOf?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  /** Stands there instead when there are no rows. */
  empty: ComponentChildren;
  testid?: string;
}

interface TableProps<Row> extends RowsProps<Row> {
  columns: readonly Column<Row>[];
  /** How `rows` are sorted (by `sortRows`); a press on a head changes it. */
  sort?: Signal<Sort>;
  /** Below this width the table scrolls sideways, such as "60rem". */
  minWidth?: string;
}

interface GridProps<Row> extends TableProps<Row> {
  hasHead: boolean;
}

/** A table of any length: 5,000 rows cost as much as fifty. */
export function VirtualTable<Row>(props: TableProps<Row>): JSX.Element {
  return <Rows {...props} hasHead />;
}

/** A list of any length, one thing per row. */
export function VirtualList<Row>({ draw, ...props }: RowsProps<Row> & { draw: (row: Row) => ComponentChildren }): JSX.Element {
  return <Rows {...props} columns={[{ key: "item", title: props.name, draw }]} hasHead={false} />;
}

function Rows<Row>(props: GridProps<Row>): JSX.Element {
  return props.rows.length === 0 ? <>{props.empty}</> : <Grid {...props} />;
}

const remPx = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize);

function Grid<Row>(props: GridProps<Row>): JSX.Element {
  const { name, rows, keyOf, columns, selected, onOpen, hasHead, minWidth, testid } = props;
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const ownActive = useSignal<string | null>(null);
  const active = props.active ?? ownActive;
  const range = useSignal<Range>({ start: 0, end: 0 });
  const held = useRef<string | null>(null); // the row in which the focus is
  const height = (props.rowHeight ?? DENSITY[density.value]) * remPx();
  const count = rows.length;

  const measure = (): void => {
    if (!root.current) return; // gone before its effects ran
    const { scrollTop, clientHeight } = root.current;
    const next = rangeAt(scrollTop, clientHeight, height, count);
    if (next.start !== range.peek().start || next.end !== range.peek().end) range.value = next;
  };
  const reveal = (index: number): void => {
    if (!root.current) return;
    const { scrollTop, clientHeight } = root.current;
    root.current.scrollTop = scrollFor(index, scrollTop, clientHeight, height, head.current?.offsetHeight ?? 0);
  };
  const travel = useTravel({ rows, keyOf, active, selected, onOpen, page: () => Math.floor(root.current!.clientHeight / height) });

  useLayoutEffect(measure, [height, count]);
  useEffect(() => {
    const watcher = new ResizeObserver(measure);
    watcher.observe(root.current!);
    return () => watcher.disconnect();
  }, [height, count]);
  const activeKey = active.value;
  useEffect(() => {
    const index = activeKey === null ? -1 : rows.findIndex((row) => keyOf(row) === activeKey);
    if (index >= 0) reveal(index);
  }, [activeKey]);

  const { start, end } = range.value;
  const drawn = Array.from({ length: Math.max(0, Math.min(end, count) - start) }, (_, offset) => start + offset);
  // The row that has the focus stays, wherever it is scrolled: without it the focus would be lost.
  const heldAt = held.current === null ? -1 : rows.findIndex((row) => keyOf(row) === held.current);
  if (heldAt >= 0 && heldAt < start) drawn.unshift(heldAt);
  if (heldAt >= end) drawn.push(heldAt);
  const isActiveDrawn = drawn.some((index) => keyOf(rows[index]!) === activeKey);
  const tracks = { "--columns": columns.map(({ width }) => width ?? "minmax(0, 1fr)").join(" "), minInlineSize: minWidth };
  return (
    <div ref={root} class="grid" role="grid" tabIndex={0} aria-label={name} aria-rowcount={count + (hasHead ? 1 : 0)} aria-colcount={columns.length + (selected ? 1 : 0)}
      aria-multiselectable={selected ? "true" : undefined} aria-activedescendant={isActiveDrawn ? `${id}-${activeKey}` : undefined} data-testid={testid}
      onScroll={measure} onKeyDown={travel.onKeyDown}
      onFocusIn={({ target }) => (held.current = (target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset["key"] ?? null)}
      onFocusOut={() => (held.current = null)}>
      {hasHead && <div ref={head} class="head" role="rowgroup" style={tracks}><Head {...props} travel={travel} /></div>}
      <div class="body" role="rowgroup" style={{ ...tracks, blockSize: `${count * height}px` }}>
        {drawn.map((index) => {
          const row = rows[index]!;
          const key = keyOf(row);
          return (
            <GridRow key={key} id={`${id}-${key}`} row={row} rowKey={key} index={index + (hasHead ? 2 : 1)} top={index * height} height={height} columns={columns}
              isActive={key === activeKey} isSelected={selected?.value.has(key)} name={selected && (props.nameOf?.(row) ?? key)} travel={travel} opens={onOpen !== undefined} />
          );
        })}
      </div>
    </div>
  );
}

function Head<Row>({ columns, rows, keyOf, selected, sort, travel }: GridProps<Row> & { travel: Travel<Row> }): JSX.Element {
  const order = sort?.value;
  const chosen = selected ? rows.filter((row) => selected.value.has(keyOf(row))).length : 0;
  return (
    <div class={selected ? "grid-row picks" : "grid-row"} role="row" aria-rowindex={1}>
      {selected && (
        <span class="pick" role="columnheader">
          <input type="checkbox" aria-label={t.selectAll} checked={chosen === rows.length}
            ref={(box) => void (box && (box.indeterminate = chosen > 0 && chosen < rows.length))} onChange={() => travel.selectAll(chosen < rows.length)} />
        </span>
      )}
      {columns.map(({ key, title, compare, isNumber }) => {
        const isBy = order?.column === key;
        const direction = isBy ? (order.isDescending ? "descending" : "ascending") : undefined;
        return (
          <span key={key} role="columnheader" class={isNumber ? "end" : "clip"} aria-sort={direction} data-column={key}>
            {sort && compare ? (
              <button type="button" class="sort" onClick={() => (sort.value = { column: key, isDescending: isBy && !order.isDescending })}>
                {title}
                {isBy && <Icon name={order.isDescending ? "down" : "up"} />}
              </button>
            ) : title}
          </span>
        );
      })}
    </div>
  );
}

interface GridRowProps<Row> {
  id: string;
  row: Row;
  rowKey: string;
  index: number;
  top: number;
  height: number;
  columns: readonly Column<Row>[];
  isActive: boolean;
  isSelected: boolean | undefined;
  name: string | undefined;
  opens: boolean;
  travel: Travel<Row>;
}

/** One row; drawn again only when something of its own differs, or a signal that its cells read. */
class GridRow<Row> extends Component<GridRowProps<Row>> {
  override shouldComponentUpdate(next: GridRowProps<Row>, state: object): boolean {
    if (state !== this.state) return true; // a signal that it has read is another
    const { row, index, top, height, columns, isActive, isSelected } = this.props;
    return row !== next.row || index !== next.index || top !== next.top || height !== next.height || columns !== next.columns || isActive !== next.isActive || isSelected !== next.isSelected;
  }

  render({ id, row, rowKey, index, top, height, columns, isActive, isSelected, name, opens, travel }: GridRowProps<Row>): JSX.Element {
    const picks = isSelected !== undefined;
    return (
      <div id={id} class={`grid-row${picks ? " picks" : ""}${isActive ? " active" : ""}${opens ? " opens" : ""}`} role="row" aria-rowindex={index} aria-selected={isSelected}
        data-key={rowKey} data-testid="grid-row" style={{ transform: `translateY(${top}px)`, blockSize: `${height}px` }} onClick={(event) => travel.onPress(event, this.props.row)}>
        {picks && (
          <span class="pick" role="gridcell">
            <input type="checkbox" aria-label={t.select(name ?? rowKey)} checked={isSelected} onClick={(event) => travel.onPick(event, rowKey)} />
          </span>
        )}
        {columns.map(({ key, draw, isNumber }) => <div key={key} role="gridcell" class={isNumber ? "end" : undefined}>{draw(row)}</div>)}
      </div>
    );
  }
}
