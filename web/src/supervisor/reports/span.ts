// A period in words, by the clocks of the place it is asked for.

const language: string | undefined = globalThis.document?.documentElement.lang || undefined;

const isMidnight = (zone: string, atMs: number): boolean => new Intl.DateTimeFormat("en", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(atMs) === "00:00";

/** From when until when: days where it is whole days, else with clock times. */
export function spanText(fromMs: number, untilMs: number, zone: string): string {
  if (isMidnight(zone, fromMs) && isMidnight(zone, untilMs)) return new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium" }).formatRange(fromMs, untilMs - 1);
  return new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "short" }).formatRange(fromMs, untilMs);
}

/** An instant by the clocks of a place. */
export const instantText = (atMs: number, zone: string): string => new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "medium" }).format(atMs);

/** Where the reader is. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Names to choose from, the reader's own and the chosen one among them. */
export function zoneNames(...also: readonly string[]): readonly string[] {
  return [...new Set(["UTC", ...also, ...Intl.supportedValuesOf("timeZone")])].sort();
}
