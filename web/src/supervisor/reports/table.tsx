import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Report, ReportColumn, ReportRow } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Foreign } from "../../ui/foreign";
import { Icon } from "../../ui/icons";
import { word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import { useNames } from "../case/names";
import { type Query, href, setQuery } from "../route";
import { type Asked, intervalOfRows } from "./asked";
import { beforeRows, hasMore, keysOf, meaningIn, reasonText, shownColumns, sortedRows, titleOf } from "./columns";
import { Defined } from "./defined";
import { type Interval, longNamer } from "./intervals";
import { UNKNOWN, formatValue, numberOf, textOf } from "./values";

const MOST = 500; // rows drawn: more are nobody's to read, the file has them

interface TableProps {
  asked: Asked;
  answer: Report;
  query: Query;
}

interface Line {
  row: ReportRow;
  before: ReportRow | undefined;
}

/** A report's rows and their sum. Each head tells what its number means, and sorts by it. */
export function NumbersTable({ asked, answer, query }: TableProps): JSX.Element {
  const isAll = query["all"] === "1";
  const columns = shownColumns(asked.report, answer.columns, isAll);
  const keys = keysOf(answer);
  const lines = useMemo(() => {
    const before = beforeRows(answer, intervalOfRows(asked, answer.rows));
    return sortedRows<Line>(answer.rows.map((row) => ({ row, before: before(row) })), query);
  }, [answer, query["sort"], query["desc"]]);
  const sayInterval = longNamer(intervalOfRows(asked, answer.rows), answer.zone);
  const total = Object.keys(answer.total).length > 0 ? answer.total : null;
  return (
    <section class="numbers" aria-labelledby="numbers">
      <header class="panel-head">
        <h2 id="numbers">{r.names[asked.report]}</h2>
        {hasMore(asked.report, answer.columns) && <Button kind="quiet" pressed={isAll} testid="all-columns" onPress={() => setQuery({ all: isAll ? "" : "1" })}>{r.allColumns}</Button>}
      </header>
      <div class="scrolls wide" tabIndex={0} role="group" aria-label={r.names[asked.report]}>
        <table data-testid="numbers">
          <thead>
            <tr>{keys.map((key) => <Head key={key} name={key} title={word(r.dimensions, key)} says={undefined} query={query} />)}{keys.length === 0 && <td />}{columns.map(({ name, says }) => <Head key={name} name={name} title={titleOf(name, asked.report)} says={meaningIn(asked.report, says)} query={query} />)}</tr>
          </thead>
          <tbody>
            {total && <tr class="total"><th scope="row" colSpan={Math.max(1, keys.length)}>{r.total}</th>{columns.map((column) => <Cell key={column.name} column={column} row={total} before={answer.previous?.total} />)}</tr>}
            {lines.slice(0, MOST).map(({ row, before }) => (
              <tr key={keys.map((key) => textOf(row, key)).join(" ")} data-testid="number-row">
                {keys.map((key) => <th scope="row" key={key}><Name name={key} row={row} sayInterval={sayInterval} /></th>)}
                {columns.map((column) => <Cell key={column.name} column={column} row={row} before={answer.previous && (before ?? {})} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > MOST && <p class="soft">{r.rowsShown(MOST, lines.length)}</p>}
    </section>
  );
}

function Head({ name, title, says, query }: { name: string; title: string; says: string | undefined; query: Query }): JSX.Element {
  const isBy = query["sort"] === name;
  const isDescending = query["desc"] === "1";
  // The largest first, since that is what one looks for; names from a to z.
  const next = isBy ? !isDescending : says !== undefined;
  return (
    <th scope="col" class={says === undefined ? "name" : "end"} aria-sort={isBy ? (isDescending ? "descending" : "ascending") : undefined}>
      <span class="head-of">
        <Defined name={title} says={says} />
        <button type="button" class="sort" title={r.sortBy(title)} aria-label={r.sortBy(title)} data-testid={`sort-${name}`} onClick={() => setQuery({ sort: name, desc: next ? "1" : "" })}><Icon name={isBy && !isDescending ? "up" : "down"} /></button>
      </span>
    </th>
  );
}

function Cell({ column: { name, unit }, row, before }: { column: ReportColumn; row: ReportRow; before: ReportRow | undefined }): JSX.Element {
  const value = name === "model" ? word(r.model, textOf(row, name)) || UNKNOWN : formatValue(row[name], unit);
  return <td class={name === "missing" && numberOf(row, name) ? "is-late" : undefined}>{value}{before && <small class="soft" title={r.ofBefore(formatValue(before[name], unit))}>{formatValue(before[name], unit)}</small>}</td>;
}

/** What a row is about, with the way to it. */
function Name({ name, row, sayInterval }: { name: string; row: ReportRow; sayInterval: (one: Interval) => string }): JSX.Element {
  const nameOf = useNames();
  const text = textOf(row, name);
  if (name === "interval") return <>{sayInterval({ name: text, atMs: numberOf(row, "at_ms"), row })}</>;
  if (text === "") return <span class="soft">{r.noName}</span>;
  if (name === "queue") return <a class="foreign" href={href("queue", text)}>{text}</a>;
  if (name === "agent") return <a class="foreign" href={href("agent", text)}>{nameOf(text)}</a>;
  return <Foreign text={name === "what" ? word(r.whats, text) : name === "reason" ? reasonText(text) : text} />;
}
