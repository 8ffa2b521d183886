import assert from "node:assert/strict";
import { test } from "node:test";
import { absence, imposed, movedOn, refusal, told } from "../src/agent/sentences";
import { standstill } from "../src/agent/queues/standing";
import { quoted } from "../src/agent/words";
import { sentence } from "../src/door/sentence";
import { CommandRefused, OutcomeUnknown } from "../src/sdk/errors";
import type { Event, Notice } from "../src/sdk/index";
import type { CaseBrief, QueueSummary } from "../src/sdk/types";
import { aCase, anAgent, anEvent } from "./fakes";

const offer = aCase("c-1", { state: "offered", agent: "ana", card: { subject: "Refund" } });
const owned = aCase("c-2", { state: "active", agent: "ana", owner: "agent:ana", card: { subject: "Login" } });
const reader = { me: "ana", name: (id: string) => ({ bo: "Bo Berg" })[id] ?? id, isRinging: false };

const refused = (code: string, current?: Partial<CaseBrief>): string =>
  refusal(new CommandRefused({ code, detail: "the detail", retryable: false, ...(current && { current: current as CaseBrief }) }), reader);

const saying = (kind: Notice["kind"], how: Notice["how"], event: Event, byMe = false): string | null =>
  told({ kind, how, case: kind === "offer_closed" ? offer : owned, event, byMe }, reader);
const offerLeft = (how: Notice["how"], type: Event["type"], change: object = {}): string | null => saying("offer_closed", how, anEvent(type, "c-1", change));
const caseLeft = (how: Notice["how"], type: Event["type"], change: object = {}): string | null => saying("case_left", how, anEvent(type, "c-2", change));

test("whoever comes too late is told by name who has it", () => {
  assert.equal(refused("TAKEN", { state: "active", owner: "agent:bo" }), "Bo Berg has it.");
  assert.equal(refused("STALE_BATON", { state: "offered", owner: "queue:billing", agent: "bo" }), "it is being offered to Bo Berg.");
  assert.equal(refused("STALE_BATON", { state: "waiting", owner: "queue:billing" }), "it went back to the queue.");
  assert.equal(refused("WRONG_STATE", { state: "closed", owner: "none", agent: "bo" }), "it is closed.");
  assert.equal(refused("NOT_HOLDER", { state: "active", owner: "agent:ana", agent: "ana" }), "you have it already.");
});

test("whoever comes too late for a case of which nothing is told reads what the code says", () => {
  assert.equal(refused("STALE_BATON"), "it has changed hands meanwhile.");
});

test("a refusal that is about the agent says what to do, whatever the case's state", () => {
  assert.match(refused("NO_ROOM", { state: "waiting", owner: "queue:billing" }), /no room/);
});

test("whoever has no room because an offer rings is told to answer it", () => {
  const noRoom = new CommandRefused({ code: "NO_ROOM", detail: "the detail", retryable: false });
  assert.equal(refusal(noRoom, { ...reader, isRinging: true }), "you have no room for it while an offer rings; answer it first.");
  assert.equal(refusal(noRoom, reader), "you have no room for it; finish or return a case first.");
});

test("what an agent gave away is said to be where the server put it", () => {
  const mine = { ...owned, queue: "billing" };
  assert.equal(movedOn(mine, { owner: "queue:billing" }, reader), "“Login” is back in the queue billing.");
  assert.equal(movedOn(mine, { owner: "queue:north" }, reader), "“Login” was moved to the queue north.");
  assert.equal(movedOn(mine, { owner: "agent:ana" }, reader, "bo"), "“Login” is offered to Bo Berg; it is yours until it is accepted.");
  assert.equal(movedOn(mine, { owner: "agent:bo" }, reader, "bo"), "“Login” is now with Bo Berg.");
});

test("an unknown code shows the server's own sentence, an unknown outcome says so", () => {
  assert.equal(refused("FROM_THE_FUTURE"), "The detail.");
  assert.match(refusal(new OutcomeUnknown(), reader), /no answer came/);
});

test("a sentence begins with a capital and ends with a full stop", () => {
  assert.equal(sentence("there is no agent nobody"), "There is no agent nobody.");
  assert.equal(sentence("not sent, there is no connection."), "Not sent, there is no connection.");
});

test("an offer that leaves says why", () => {
  assert.match(offerLeft("expired", "offer_expired")!, /The offer “Refund” was not answered in time/);
  assert.match(offerLeft("revoked", "offer_revoked", { reason: "agent_lost" })!, /connection was lost/);
  assert.match(offerLeft("revoked", "offer_revoked", { reason: "not_responding" })!, /not answered/);
  assert.match(offerLeft("revoked", "offer_revoked", { reason: "vip first" })!, /\(vip first\)/);
  assert.match(offerLeft("cancelled", "case_cancelled", { state: "cancelled" })!, /withdrawn: it was cancelled/);
  assert.match(offerLeft("abandoned", "case_abandoned", { state: "abandoned" })!, /withdrawn: the customer has left/);
  assert.equal(offerLeft("transferred", "case_transferred", { queue: "north" }), "The offer “Refund” was moved to the queue north.");
});

test("a case that a supervisor gives to somebody else says to whom", () => {
  const given = { state: "active", owner: "agent:bo", agent: "bo", agent_before: "ana", actor: "supervisor:sue" };
  assert.equal(offerLeft("assigned", "case_assigned", given), "The offer “Refund” was given to Bo Berg.");
  assert.equal(caseLeft("assigned", "case_assigned", given), "“Login” is now with Bo Berg.");
});

test("a parked case that goes back by itself says why", () => {
  assert.match(caseLeft("returned", "case_returned", { reason: "wake_limit" })!, /“Login” went back .* no room/);
  assert.match(caseLeft("returned", "case_returned", { reason: "owner_offline" })!, /you were offline/);
});

test("a transfer that came to nothing is told to both, but not to whoever ended it", () => {
  const failed = { state: "active", owner: "agent:ana", agent: "ana", target_before: "bo" } as const;
  const stays = (change: object, byMe = false): string | null => saying("case_changed", "changed", anEvent("transfer_failed", "c-2", { ...failed, ...change }), byMe);
  assert.equal(stays({ reason: "declined" }), "“Login” stays with you: Bo Berg declined it.");
  assert.equal(stays({ reason: "declined", decline_reason: "declined" }), "“Login” stays with you: Bo Berg declined it."); // no reason was asked for
  assert.equal(stays({ reason: "declined", decline_reason: "busy with acme" }), "“Login” stays with you: Bo Berg declined it (busy with acme).");
  assert.equal(stays({ reason: "expired" }), "“Login” stays with you: Bo Berg did not answer in time.");
  assert.equal(stays({ reason: "agent_lost" }), "“Login” stays with you: Bo Berg lost the connection.");
  assert.equal(stays({ reason: "withdrawn" }, true), null);
  assert.equal(offerLeft("withdrawn", "transfer_failed", { reason: "withdrawn" }), "“Refund” is no longer offered to you.");
  assert.equal(caseLeft("transferred", "case_transferred", { state: "active", agent: "bo" }), "“Login” is now with Bo Berg.");
});

test("an offer that goes because of what the agent did says so, and its own answer needs no sentence", () => {
  assert.match(saying("offer_closed", "revoked", anEvent("offer_revoked", "c-1", { reason: "agent_busy" }), true)!, /because you went busy/);
  assert.equal(saying("offer_closed", "declined", anEvent("case_declined", "c-1"), true), null);
  assert.equal(saying("offer_closed", "declined", anEvent("transfer_failed", "c-1", { reason: "declined" }), true), null);
});

test("a colleague's case that was not answered in time stays with the colleague", () => {
  const theirs = { ...offer, owner: "agent:bo" };
  const notice: Notice = { kind: "offer_closed", how: "expired", case: theirs, event: anEvent("transfer_failed", "c-1", { reason: "expired" }), byMe: false };
  assert.equal(told(notice, reader), "The offer “Refund” was not answered in time: it stays with Bo Berg.");
});

test("what the agent does itself needs no sentence, what others do to its desk does", () => {
  assert.equal(saying("offer_closed", "accepted", anEvent("case_accepted", "c-1", { state: "active", agent: "ana" }), true), null);
  assert.equal(saying("case_left", "closed", anEvent("case_closed", "c-2", { state: "closed" }), true), null);
  assert.match(caseLeft("closed", "case_closed", { state: "closed" })!, /“Login” has left your desk: it is closed/);
  assert.match(saying("case_changed", "changed", anEvent("case_wrapping", "c-2", { state: "wrapping", reason: "duplicate" }))!, /finish up/);
  assert.match(saying("case_changed", "changed", anEvent("case_resumed", "c-2", { state: "active" }))!, /has woken/);
});

test("an absence names the new owner where it is known and claims nothing where it is not", () => {
  const now = { case: "c-1", state: "active", owner: "agent:bo", agent: "bo", baton: "b", revision: 3 } as const;
  assert.equal(absence(offer, true, now, reader), "While you were away: the offer “Refund” left you; Bo Berg has it.");
  assert.equal(absence(owned, false, null, reader), "While you were away: the case “Login” is no longer yours.");
});

test("a subject that reverses what follows it is quoted with the reversal made visible", () => {
  const liar = aCase("c-3", { card: { subject: "invoice\u202egnp.exe\u2066" } });
  assert.equal(quoted(liar), "“invoice\ufffdgnp.exe\ufffd”");
});

test("a case that the server returned says why", () => {
  assert.equal(caseLeft("returned", "case_returned", { reason: "shift_end" }), "“Login” went back to the queue billing because your shift ended.");
  assert.equal(caseLeft("returned", "case_returned", { reason: "agent_lost" }), "“Login” went back to the queue billing because your connection was lost.");
});

test("a case that came without being asked for is told of", () => {
  assert.equal(saying("case_came", "assigned", anEvent("case_assigned", "c-2")), "“Login” was given to you: it is on your desk.");
  assert.equal(saying("case_came", "taken", anEvent("case_taken", "c-2"), true), null);
  assert.equal(saying("case_came", "changed", anEvent("case_reopened", "c-2")), "“Login” was opened again: it is on your desk.");
});

test("a status that somebody else set says why", () => {
  assert.equal(imposed(anAgent()), null);
  assert.equal(
    imposed(anAgent({ status: "not_responding", label: "not_responding", status_cause: "missed_offers" })),
    "You were set to “Not responding” because offers were not answered.",
  );
  assert.equal(imposed(anAgent({ label: "break", status_cause: "on_decline" })), "You were set to “break” because you declined an offer.");
  assert.equal(imposed(anAgent({ status: "busy", label: "busy", status_cause: "supervisor" })), "You were set to “Busy” by a supervisor.");
});

test("a queue says what keeps it from its usual course", () => {
  const queue = (change: Partial<QueueSummary>): QueueSummary => ({ queue: "billing", mode: "pull", waiting: 0, paused: false, draining: false, open: true, ...change });
  assert.match(standstill(queue({ paused: true, draining: true })) ?? "", /paused/);
  assert.match(standstill(queue({ draining: true })) ?? "", /emptied/);
  assert.match(standstill(queue({ open: false })) ?? "", /closed\.$/);
  assert.match(standstill(queue({ open: false, next_change_at_ms: 1_800_000_000_000 })) ?? "", /closed until .*/);
  assert.equal(standstill(queue({})), null);
});
