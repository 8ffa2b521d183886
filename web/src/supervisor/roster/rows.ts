import type { RosterRow } from "../../sdk/index.ts";
import { fromCell, toCell } from "../formula";
import type { Days, Person } from "./person";

// The roster as comma-separated values (RFC 4180), as the server reads and writes it; docs/configuration.md tells the rules.

const COLUMNS = ["agent", "name", "team", "capacity", "interruptible_capacity", "queues", "skills", "skill_dates", "tiers", "auto_accept", "limits", "ring_factor"] as const;
type Column = (typeof COLUMNS)[number];
const NUMBERS: ReadonlySet<Column> = new Set(["capacity", "interruptible_capacity", "ring_factor"]);
const TABLES: ReadonlySet<Column> = new Set(["skills", "tiers", "limits"]);
const NONE = "-"; // in a cell: an empty one leaves what is there

/** What keeps a text from being a roster. */
export type Flaw = { line: number } & ({ flaw: "quote" } | { flaw: "no_agent" } | { flaw: "column"; name: string } | { flaw: "json"; says: string } | { flaw: "empty" });
/** Rows, and in which line of the text each begins. */
export interface Rows {
  rows: RosterRow[];
  lines: number[];
}

/** The rows of a text, JSON or CSV. Values that are wrong stay as they are: the server names them all. */
export function readRows(text: string): Rows | Flaw {
  const isJson = text.trimStart().startsWith("[");
  const found = isJson ? readJson(text) : readCsv(text.replace(/^\ufeff/, ""));
  return "rows" in found && found.rows.length === 0 ? { line: 1, flaw: "empty" } : found;
}

function readJson(text: string): Rows | Flaw {
  try {
    const rows = JSON.parse(text) as RosterRow[];
    return { rows, lines: rows.map((_, index) => index + 1) };
  } catch (error) {
    return { line: 1, flaw: "json", says: (error as SyntaxError).message };
  }
}

function readCsv(text: string): Rows | Flaw {
  const records = split(text);
  if (!Array.isArray(records)) return records;
  const [head = { line: 1, cells: [] }, ...rest] = records;
  const names = head.cells.map((name) => name.trim());
  const unknown = names.find((name) => !COLUMNS.includes(name as Column));
  if (!names.includes("agent")) return { line: 1, flaw: "no_agent" };
  if (unknown !== undefined) return { line: 1, flaw: "column", name: unknown };
  const filled = rest.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const rows = filled.map(({ cells }) => Object.fromEntries(names.flatMap((name, at) => (cells[at] ? [[name, valueOf(name as Column, cells[at])]] : []))) as RosterRow);
  return { rows, lines: filled.map(({ line }) => line) };
}

interface Line {
  line: number;
  cells: string[];
}

function split(text: string): Line[] | Flaw {
  const found: Line[] = [];
  let [record, line]: [Line, number] = [{ line: 1, cells: [] }, 1];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  for (let match = cell.exec(text); ; match = cell.exec(text)) {
    if (!match) return { line, flaw: "quote" };
    const [whole, quoted, bare = "", end] = match;
    record.cells.push(quoted?.replaceAll('""', '"') ?? bare);
    line += whole.split("\n").length - 1;
    if (end === ",") continue;
    found.push(record);
    record = { line, cells: [] };
    if (end === "" || cell.lastIndex >= text.length) return found;
  }
}

function valueOf(column: Column, cell: string): unknown {
  const words = cell.trim() === NONE ? [] : cell.trim().split(/\s+/);
  if (column === "queues") return words;
  if (TABLES.has(column)) return Object.fromEntries(words.map((word) => word.split(/=(.*)/s)).map(([name, value = ""]) => [name, numberOf(value)]));
  if (column === "skill_dates") return Object.fromEntries(words.map((word) => word.split(/=(.*)/s)).map(([name, value = ""]) => [name, daysOf(value)]));
  if (column === "auto_accept") return ({ yes: true, no: false } as Record<string, boolean>)[cell.trim().toLowerCase()] ?? cell;
  return NUMBERS.has(column) ? numberOf(cell) : fromCell(cell);
}

function numberOf(text: string): number | string {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}

function daysOf(text: string): Days[string] {
  const [since = "", until = ""] = text.split("~");
  return { ...(since && { since }), ...(until && { until }) };
}

/** The roster as it is read again. */
export function rowsCsv(people: readonly Person[]): string {
  return [COLUMNS.join(","), ...people.map((person) => COLUMNS.map((column) => quoted(cellOf(person, column))).join(","))].map((line) => `${line}\r\n`).join("");
}

function cellOf(person: Person, column: Column): string {
  const value = person[column];
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return toCell(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.join(" ") || NONE;
  const pairs = Object.entries(value as Record<string, number | Days[string]>).sort(([one], [other]) => (one < other ? -1 : 1));
  return pairs.map(([name, one]) => `${name}=${typeof one === "object" ? `${one.since ?? ""}~${one.until ?? ""}` : one}`).join(" ") || NONE;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
