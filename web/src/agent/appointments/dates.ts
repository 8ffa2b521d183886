import { language } from "../../ui/texts";
import { midnightBefore } from "./plan";

const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(language, { weekday: "short", hour: "numeric", minute: "2-digit" });

/** A day in words: "Wednesday, 25 November". */
export const formatDay = (atMs: number): string => day.format(atMs);

/** From when until when within a day; with the days when it goes over midnight. */
export function formatTimes(fromMs: number, untilMs: number): string {
  const isOneDay = midnightBefore(fromMs) === midnightBefore(untilMs - 1);
  return isOneDay ? time.formatRange(fromMs, untilMs) : `${dayAndTime.format(fromMs)} – ${dayAndTime.format(untilMs)}`;
}
