import type { Event } from "../../sdk/index.ts";
import { plain, plainLines } from "../../ui/foreign";
import { formatDate, formatDuration, formatList } from "../../ui/format";
import type { Meaning } from "../../ui/marks";
import { codes, word } from "../../ui/texts";
import { w } from "../../ui/texts/work";

/** What an agent is called, made safe to show. */
export type NameOf = (agent: string) => string;

/** An event of a case in words. */
export interface Told {
  what: string;
  /** From where, why, by which rule, for how long. */
  more: readonly string[];
  /** A text that somebody wrote. */
  text?: string;
}

const MOST_NAMES = 3;
const h = w.happened;

type Teller = (event: Event, name: (agent: string | undefined) => string) => [string, ...(string | false | undefined)[]];

const TELLERS: Readonly<Record<string, Teller>> = {
  case_queued: ({ queue, overflow_from }) => [h.cameInto(plain(queue ?? "")), overflow_from && h.overflowed(overflow_from)],
  case_offered: ({ agent }, name) => [h.offeredTo(name(agent))],
  case_accepted: ({ agent }, name) => [h.accepted(name(agent))],
  case_declined: ({ agent_before }, name) => [h.declined(name(agent_before))],
  offer_expired: ({ agent_before }, name) => [h.expired(name(agent_before))],
  offer_revoked: ({ agent_before }, name) => [h.revoked(name(agent_before))],
  case_taken: ({ agent }, name) => [h.taken(name(agent))],
  case_returned: ({ queue, agent_before }, name) => [h.returned(plain(queue ?? "")), agent_before && h.from(name(agent_before))],
  case_transferred: ({ agent, agent_before, queue, queue_before }, name) =>
    agent
      ? [h.takenOver(name(agent)), agent_before && h.from(name(agent_before))]
      : [h.moved(plain(queue ?? "")), agent_before ? h.from(name(agent_before)) : queue_before && h.from(queue_before)],
  case_assigned: ({ agent, agent_before, over_capacity }, name) => [h.assigned(name(agent)), agent_before && agent_before !== agent && h.from(name(agent_before)), over_capacity && h.overCapacity],
  case_wrapping: ({ agent, ends_as }, name) => [h.wrapping(name(agent)), ends_as && ends_as !== "closed" && word(codes.caseStates, ends_as)],
  case_closed: ({ disposition }) => [h.closed, disposition],
  case_parked: ({ agent, wake_at_ms }, name) => [h.parked(name(agent)), wake_at_ms !== undefined && h.wakes(formatDate(wake_at_ms))],
  case_relaxed: ({ step }) => [codes.events.case_relaxed, step && word(codes.relaxed, step)],
  transfer_offered: ({ target }, name) => [h.askedColleague(name(target))],
  transfer_failed: ({ target_before, reason = "", decline_reason }, name) => [h.notTaken(name(target_before), word(codes.transferFailed, reason)), decline_reason],
  stage_changed: ({ stage = "" }) => [h.stage(word(codes.stages, stage))],
  alert_raised: ({ alert = "" }) => [codes.events.alert_raised, word(codes.alerts, alert)],
  target_warned: ({ clock = "" }) => [h.target(codes.events.target_warned, word(codes.clocks, clock))],
  target_breached: ({ clock = "" }) => [h.target(codes.events.target_breached, word(codes.clocks, clock))],
};

// Their sentence says the reason already.
const SAYS_WHY: ReadonlySet<string> = new Set(["transfer_failed", "offer_expired"]);

/** The event in words. */
export function tell(event: Event, nameOf: NameOf): Told {
  const { type, reason, decision, waited, note } = event;
  const name = (agent: string | undefined): string => nameOf(agent ?? "");
  const [what, ...more] = TELLERS[type]?.(event, name) ?? [word(codes.events, type)];
  if (reason && !SAYS_WHY.has(type)) more.push(plain(word({ ...codes.causes, ...codes.relaxed }, reason)));
  if (decision) {
    more.push(word(codes.rules, decision.rule));
    const others = (decision.considered ?? []).filter((agent) => agent !== event.agent).slice(0, MOST_NAMES);
    if (others.length > 0) more.push(h.considered(formatList(others.map(nameOf))));
  }
  const waitedMs = Object.values(waited ?? {}).reduce((sum, ms) => sum + ms, 0);
  if (waitedMs >= 1_000) more.push(h.waited(formatDuration(waitedMs)));
  const said = { what, more: more.filter((text): text is string => !!text) };
  return note ? { ...said, text: plainLines(note.text) } : said;
}

const MEANINGS: Readonly<Record<string, Meaning>> = { waiting: "waits", offered: "soon", active: "act", parked: "planned", wrapping: "ready", closed: "ready" };

/** How a case in this state is marked. */
export function meaningOf(state: string): Meaning {
  return MEANINGS[state] ?? "waits";
}

/** A time in which one had it, or a line. */
export interface Holding {
  agent: string;
  queue: string;
  sinceMs: number;
  untilMs: number;
}

/** Whose the case was, one after the other, as far as the events (newest first) tell; until it ended, or until now. */
export function holdings(events: readonly Event[], nowMs: number): readonly Holding[] {
  const found: Holding[] = [];
  let hasEnded = false;
  for (const { type, state, owner = "", queue = "", at_ms = 0 } of [...events].reverse()) {
    const last = found.at(-1);
    if (state === undefined || type === "note_added") continue;
    const agent = owner.startsWith("agent:") ? owner.slice("agent:".length) : "";
    if (last && !hasEnded) last.untilMs = at_ms;
    hasEnded = !owner.startsWith("agent:") && !owner.startsWith("queue:");
    if (hasEnded || (last && last.agent === agent && last.queue === queue && last.untilMs === at_ms)) continue;
    found.push({ agent, queue, sinceMs: at_ms, untilMs: at_ms });
  }
  const last = found.at(-1);
  if (last && !hasEnded) last.untilMs = nowMs;
  return found;
}
