const HEAD = /^\s*\[{1,2}([^\]]*(?:"[^"]*"[^\]]*)*)\]{1,2}\s*(?:#.*)?$/;
const LINE = /^\s*("[^"]*"|[\w-]+)\s*=/;

/** The names that a path such as `$.queues["a b"].mode` or `$.effects[1].on` is made of. */
export function namesOf(path: string): string[] {
  return [...path.slice(1).matchAll(/\.([\w-]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/g)].map(([, plain, quoted, index]) => plain ?? quoted ?? index ?? "");
}

const keysOf = (head: string): string[] => [...head.matchAll(/"([^"]*)"|([\w-]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

/** Where a path leads to in a TOML text, from and to which character: to its line, or else to the table that it is missing in; null when nowhere. */
export function locateToml(text: string, path: string): readonly [number, number] | null {
  const wanted = namesOf(path);
  const rows = new Map<string, number>();
  let table: string[] = [];
  let [best, depth, at] = [null as readonly [number, number] | null, 0, 0];
  const consider = (names: readonly string[], word: string, line: string): void => {
    if (names.length <= depth || !names.every((name, index) => name === wanted[index])) return;
    const from = at + line.indexOf(word);
    [best, depth] = [[from, from + word.length], names.length];
  };
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line)?.[1];
    const key = LINE.exec(line)?.[1];
    if (head !== undefined) {
      table = keysOf(head);
      if (line.trimStart().startsWith("[[")) {
        const row = rows.get(head) ?? 0;
        rows.set(head, row + 1);
        table.push(String(row));
      }
      consider(table, head, line);
    } else if (key !== undefined) consider([...table, key.replaceAll('"', "")], key, line);
    at += line.length + 1;
  }
  return best;
}
