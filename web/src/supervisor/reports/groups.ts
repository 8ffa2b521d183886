import type { ReportRow } from "../../sdk/index.ts";
import { numberOf, textOf } from "./values";

/** Rows by one of their names, in the order in which it first comes. */
export function grouped(rows: readonly ReportRow[], name: string): readonly (readonly [string, readonly ReportRow[]])[] {
  const found = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const known = found.get(textOf(row, name));
    if (known) known.push(row);
    else found.set(textOf(row, name), [row]);
  }
  return [...found];
}

export const sumOf = (rows: readonly ReportRow[], name: string): number => rows.reduce((sum, row) => sum + (numberOf(row, name) ?? 0), 0);
