// Names with numbers, one a line, as people write them: "german 3".

/** How such a table is written down, by name. */
export function toLines(table: Readonly<Record<string, number>>): string {
  return Object.entries(table).sort(([one], [other]) => one.localeCompare(other)).map(([name, number]) => `${name} ${number}`).join("\n");
}

/** What is written, or the first line that is no name with a number. A name without one counts as `fallback`, if there is one. */
export function fromLines(text: string, fallback?: number): Record<string, number> | { wrong: string } {
  const table: Record<string, number> = {};
  for (const line of text.split("\n").map((each) => each.trim()).filter((each) => each !== "")) {
    const match = /^([A-Za-z0-9][A-Za-z0-9._@+\-]*)(?:[\s:=]+(\d+))?$/.exec(line);
    const number = match?.[2] === undefined ? fallback : Number(match[2]);
    if (!match || number === undefined) return { wrong: line };
    table[match[1]!] = number;
  }
  return table;
}

/** Do they say the same? */
export function isSame(one: unknown, other: unknown): boolean {
  return stable(one) === stable(other);
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify([...value].sort());
  return JSON.stringify(Object.entries(value as object).sort(([one], [other]) => (one < other ? -1 : 1)));
}
