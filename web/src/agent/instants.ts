export const MINUTE = 60_000;

/** Tomorrow at nine, where the reader is. */
export function tomorrowAtNine(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).getTime();
}

/** The first instant, in whole minutes, that is still to come. */
export function nextMinute(nowMs: number): number {
  return Math.floor(nowMs / MINUTE + 1) * MINUTE;
}

/** An instant as a field for date and time wants it, in the reader's own time. */
export function asLocal(atMs: number): string {
  const at = new Date(atMs);
  return new Date(atMs - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, "2026-01-01T00:00".length);
}
