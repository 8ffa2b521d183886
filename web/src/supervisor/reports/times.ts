import type { ReportRow } from "../../sdk/index.ts";
import { numberOf } from "./values";

export const KINDS_OF_TIME = ["working", "idle", "busy", "not_responding", "offline"] as const;

/** A part of somebody's time that excludes the others. */
export interface Time {
  name: (typeof KINDS_OF_TIME)[number];
  ms: number;
}

/** Where the time of a row went: online at work or idle, or in another status. */
export function timesOf(row: ReportRow): readonly Time[] {
  const of = (name: string): number => numberOf(row, name) ?? 0;
  const idle = Math.min(of("idle_ms"), of("online_ms"));
  const times: Time[] = [
    { name: "working", ms: of("online_ms") - idle },
    { name: "idle", ms: idle },
    { name: "busy", ms: of("busy_ms") },
    { name: "not_responding", ms: of("not_responding_ms") },
    { name: "offline", ms: of("offline_ms") },
  ];
  return times.filter(({ ms }) => ms > 0);
}
