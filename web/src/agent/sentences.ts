import { sentence } from "../door/sentence";
import { CommandRefused } from "../sdk/index";
import type { AgentState, Case, CaseBrief, Event, Notice } from "../sdk/index";
import { plain } from "../ui/foreign";
import { codes, word } from "../ui/texts";
import { c } from "../ui/texts/case";
import { type Reader, agentOf, quoted, statusName } from "./words";

// What agents read when something did not go as they pressed, or went without them.

/** Whom an event names. */
export function agentsIn({ agent, actor, owner, target_before }: Partial<Event>): string[] {
  return [agent, agentOf(actor), agentOf(owner), target_before].filter((id) => id !== undefined);
}

/** Where a case is, as far as a refusal or the server tells. */
function whereabouts({ state, owner, agent }: Partial<CaseBrief>, { me, name }: Reader): string | null {
  if (state && Object.hasOwn(codes.endings, state)) return word(codes.endings, state);
  const holder = agent ?? agentOf(owner);
  if (holder === undefined) return owner?.startsWith("queue:") ? c.wentBack : null;
  if (holder === me) return c.youHaveIt;
  return state === "offered" ? c.isOfferedTo(plain(name(holder))) : c.hasIt(plain(name(holder)));
}

/** Whom a refusal names. */
export function holderIn(error: unknown): string | undefined {
  const current = error instanceof CommandRefused ? error.current : undefined;
  return current?.agent ?? agentOf(current?.owner);
}

export function refusal(error: unknown, reader: Reader): string {
  const { code = "", message } = error as { code?: string; message: string };
  const where = error instanceof CommandRefused && error.current ? whereabouts(error.current, reader) : null;
  if (where && LESS_THAN_WHERE.has(code)) return where;
  if (code === "NO_ROOM" && reader.isRinging) return c.noRoomWhileRinging;
  return Object.hasOwn(codes.refusals, code) ? word(codes.refusals, code) : (where ?? sentence(message));
}

// These say that it is elsewhere; where it is says more.
const LESS_THAN_WHERE: ReadonlySet<string> = new Set(["STALE_BATON", "NOT_HOLDER", "WRONG_STATE", "TAKEN", "OFFERED"]);

/** Where a case is that its agent returned or transferred, as the server answered. `asked`: the colleague to whom it was to go. */
export function movedOn(one: Case, { owner }: Pick<CaseBrief, "owner">, { me, name }: Reader, asked = ""): string {
  const holder = agentOf(owner) ?? "";
  if (holder === me && asked) return c.asked(quoted(one), plain(name(asked)));
  if (holder) return c.nowWith(quoted(one), plain(name(holder)));
  const queue = owner.replace(/^queue:/, "");
  return queue === one.queue ? c.isBack(quoted(one), queue) : c.movedTo(quoted(one), queue);
}

/** What happened to an offer or a case without this agent's doing, in a sentence; null where there is nothing to say. */
export function told(notice: Notice, reader: Reader): string | null {
  const { kind, event, byMe } = notice;
  if (!event) return null;
  if (kind === "offer_closed") return offerClosed(notice, event, reader); // also what follows from the agent's own doing, such as going busy
  if (byMe) return null;
  if (kind === "case_left") return caseLeft(notice, event, reader);
  return kind === "case_came" ? caseCame(notice, event) : caseChanged(notice, event, reader);
}

function offerClosed({ how, case: one, byMe }: Notice, event: Event, { me, name }: Reader): string | null {
  const { reason = "", queue = "", agent = "" } = event;
  const which = c.theOffer(quoted(one));
  if (event.type === "transfer_failed" && byMe) return null;
  if (event.type === "transfer_failed") return how === "expired" ? c.notAnswered(which, plain(name(agentOf(one.owner) ?? ""))) : c.noLongerOffered(quoted(one));
  if (how === "expired") return c.expired(which, queue);
  if (how === "revoked") return c.revoked(which, queue, becauseOf(reason));
  if (how === "cancelled" || how === "abandoned") return c.withdrawn(which, codes.endings[how]);
  if (agent && agent !== me) return c.givenTo(which, plain(name(agent)));
  return how === "transferred" ? c.movedTo(which, queue) : null;
}

function caseLeft({ how, case: one }: Notice, event: Event, { name }: Reader): string | null {
  const { reason = "", queue = "", agent = "", state = "" } = event;
  if (Object.hasOwn(codes.endings, state)) return c.leftDesk(quoted(one), word(codes.endings, state));
  if (how === "returned") return c.returned(quoted(one), queue, becauseOf(reason));
  if (how === "assigned" || (how === "transferred" && agent)) return c.nowWith(quoted(one), plain(name(agent)));
  return how === "transferred" ? c.movedTo(quoted(one), queue) : null;
}

function caseCame({ how, case: one }: Notice, event: Event): string | null {
  if (event.type === "case_reopened") return c.reopened(quoted(one));
  return how === "assigned" ? c.givenToYou(quoted(one)) : null;
}

function caseChanged({ case: one }: Notice, event: Event, { name }: Reader): string | null {
  const { type, reason = "", decline_reason = "", actor = "", target_before = "", clock = "" } = event as Event & { clock?: string };
  if (type === "transfer_failed") return c.staysWithYou(quoted(one), plain(name(target_before)), word(codes.transferFailed, reason), SAYS_NOTHING.has(decline_reason) ? "" : plain(decline_reason));
  if (type === "case_wrapping") return c.finishUp(quoted(one), reason);
  if (type === "case_resumed") return c.woke(quoted(one));
  if (type === "case_wake_pending") return c.wakesWithRoom(quoted(one));
  if (type === "note_added") return c.noteBy(quoted(one), plain(name(agentOf(actor) ?? actor)));
  if (type === "target_warned" || type === "target_breached") return c.target(quoted(one), type === "target_breached", word(codes.clocks, clock));
  return null;
}

// What stands there where nobody was asked for a reason.
const SAYS_NOTHING: ReadonlySet<string> = new Set(["", "declined"]);

function becauseOf(reason: string): string {
  return Object.hasOwn(codes.returned, reason) ? word(codes.returned, reason) : `(${reason})`;
}

/** What happened to a case that was here before the connection was lost. `now` is null when that is not known. */
export function absence(one: Case, isOffer: boolean, now: Partial<CaseBrief> | null, reader: Reader): string {
  return c.away(isOffer ? c.theOfferLow(quoted(one)) : c.theCaseLow(quoted(one)), now && whereabouts(now, reader));
}

/** Why somebody else changed the agent's status; null for the agent's own choice. */
export function imposed({ label, status_cause }: AgentState): string | null {
  if (!Object.hasOwn(codes.imposed, status_cause)) return null;
  return c.setTo(statusName(label), word(codes.imposed, status_cause));
}
