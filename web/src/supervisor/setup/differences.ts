/** Something that two documents say differently; undefined: not at all. */
export interface Difference {
  /** Such as "$.queues.support.mode". */
  path: string;
  before: unknown;
  after: unknown;
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** What another document says otherwise, in the order of its paths. Lists are compared as a whole. */
export function differences(before: unknown, after: unknown, path = "$"): Difference[] {
  if (!isTable(before) || !isTable(after)) return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => differences(before[name], after[name], `${path}.${name}`));
}

/** A value as it is read: words as they are, lists of them with commas, all else as JSON. */
export function shown(value: unknown): string {
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string")) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
