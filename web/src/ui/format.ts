// Numbers, times and lists as readers of the page's language write them. Everything by Intl, nothing by hand.

const language: string | undefined = globalThis.document?.documentElement.lang || undefined;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type UnitName = "second" | "minute" | "hour" | "day" | "byte" | "kilobyte" | "megabyte" | "gigabyte";

type Say = (count: number) => string;

function unit(name: UnitName, unitDisplay: "short" | "long" = "short"): Say {
  const format = new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay, maximumFractionDigits: 0 });
  return (count) => format.format(count);
}

const BYTES = (["byte", "kilobyte", "megabyte", "gigabyte"] as const).map((name) => unit(name));
const TIMES = ["second", "minute", "hour", "day"] as const;
const SHORT = TIMES.map((name) => unit(name));
const LONG = TIMES.map((name) => unit(name, "long"));
const [, minutes, hours] = SHORT as [Say, Say, Say];
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 });
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const exactTime = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const dateAndTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const shortDate = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
const conjunction = new Intl.ListFormat(language, { type: "conjunction" });
const plurals = new Intl.PluralRules(language);

/** Forms of a sentence by number: `other` always, the rest as the language has them. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form for this number, `#` replaced by it. */
export function plural(count: number, forms: Forms): string {
  return (forms[plurals.select(count)] ?? forms.other).replace("#", whole.format(count));
}

export const formatNumber = (count: number): string => whole.format(count);
/** A share from 0 to 1. */
export const formatShare = (share: number): string => percent.format(share);
export const formatList = (items: readonly string[]): string => conjunction.format(items);
/** Hours and minutes of an instant. */
export const formatTime = (atMs: number): string => time.format(atMs);
/** With seconds: for timelines. */
export const formatExactTime = (atMs: number): string => exactTime.format(atMs);
export const formatDate = (atMs: number): string => dateAndTime.format(atMs);
/** An instant near now: its time, with the day when that is not today, where the reader is. */
export const formatMoment = (atMs: number, nowMs: number): string => (new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? time : shortDate).format(atMs);
/** From when until when, in the reader's own time. */
export const formatSpan = (fromMs: number, untilMs: number): string => shortDate.formatRange(fromMs, untilMs);

/** A size in the largest unit that leaves a whole number: "52 MB". */
export function formatBytes(bytes: number): string {
  const at = Math.min(BYTES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return BYTES[at]!(bytes / 1_000 ** at);
}

/** A duration in words, at most two units: "40 sec", "5 min", "2 hr 5 min", "3 days". */
export const formatDuration = (ms: number): string => inUnits(ms, SHORT);
/** The same for who hears it: "2 hours 5 minutes". */
export const formatSpoken = (ms: number): string => inUnits(ms, LONG);

function inUnits(ms: number, units: readonly Say[]): string {
  const [seconds, minutes, hours, days] = units as [Say, Say, Say, Say];
  const passed = Math.max(0, ms);
  if (passed < MINUTE) return seconds(Math.floor(passed / SECOND));
  if (passed < HOUR) return minutes(Math.floor(passed / MINUTE));
  if (passed >= 2 * DAY) return days(Math.floor(passed / DAY));
  const rest = Math.floor((passed % HOUR) / MINUTE);
  return rest ? `${hours(Math.floor(passed / HOUR))} ${minutes(rest)}` : hours(Math.floor(passed / HOUR));
}

/** A duration as clocks show it: "0:42", "12:05", "1:02:05". */
export function formatClock(ms: number): string {
  const passed = Math.floor(Math.max(0, ms) / SECOND);
  const parts = [Math.floor(passed / 60) % 60, passed % 60];
  const hour = Math.floor(passed / 3_600);
  const [first, ...rest] = hour ? [hour, ...parts] : parts;
  return [whole.format(first!), ...rest.map((part) => twoDigits.format(part))].join(":");
}

/** What is left of a countdown, rounded up: seconds below two minutes, minutes below a hundred, then hours. */
export function formatLeft(ms: number): string {
  const left = Math.ceil(Math.max(0, ms) / SECOND);
  if (left < 120) return whole.format(left);
  return left < 6_000 ? minutes(Math.ceil(left / 60)) : hours(Math.ceil(left / 3_600));
}
