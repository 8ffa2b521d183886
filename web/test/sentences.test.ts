import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandRefused, OutcomeUnknown } from "../src/sdk/errors";
import type { CaseBrief } from "../src/sdk/types";
import { absence, arrival, departure, imposed, quoted, refusal, sentence, standstill } from "../src/page/sentences";
import { aCase, aView, anAgent, anEvent } from "./fakes";

const offer = aCase("c-1", { state: "offered", agent: "ana", card: { subject: "Refund" } });
const owned = aCase("c-2", { state: "active", agent: "ana", owner: "agent:ana", card: { subject: "Login" } });
const view = aView({ agent: anAgent(), offers: [offer], desk: [owned] });

const refused = (code: string, current?: Partial<CaseBrief>): string =>
  refusal(new CommandRefused({ code, detail: "the detail", retryable: false, ...(current && { current: current as CaseBrief }) }), "ana");

test("whoever comes too late is told who has it", () => {
  assert.equal(refused("TAKEN", { state: "active", owner: "agent:bo" }), "bo has it.");
  assert.equal(refused("STALE_BATON", { state: "offered", owner: "queue:billing", agent: "bo" }), "it is being offered to bo.");
  assert.equal(refused("STALE_BATON", { state: "waiting", owner: "queue:billing" }), "it went back to the queue.");
  assert.equal(refused("WRONG_STATE", { state: "closed", owner: "none", agent: "bo" }), "it is closed.");
  assert.equal(refused("NOT_HOLDER", { state: "active", owner: "agent:ana", agent: "ana" }), "you have it already.");
});

test("a refusal that is about the agent says what to do, whatever the case's state", () => {
  assert.match(refused("NO_ROOM", { state: "waiting", owner: "queue:billing" }), /no room/);
});

test("an unknown code shows the server's own sentence, an unknown outcome says so", () => {
  assert.equal(refused("FROM_THE_FUTURE"), "the detail.");
  assert.match(refusal(new OutcomeUnknown(), "ana"), /no answer came/);
});

test("a sentence begins with a capital and ends with a full stop", () => {
  assert.equal(sentence("there is no agent nobody"), "There is no agent nobody.");
  assert.equal(sentence("not sent, there is no connection."), "Not sent, there is no connection.");
});

test("an offer that leaves says why", () => {
  const left = { state_before: "offered", agent_before: "ana" } as const;
  assert.match(departure(anEvent("offer_expired", "c-1", left), view)!, /“Refund” was not answered in time/);
  assert.match(departure(anEvent("offer_revoked", "c-1", { ...left, reason: "agent_lost" }), view)!, /connection was lost/);
  assert.match(departure(anEvent("offer_revoked", "c-1", { ...left, reason: "vip first" }), view)!, /\(vip first\)/);
  assert.match(departure(anEvent("case_cancelled", "c-1", { ...left, state: "cancelled" }), view)!, /withdrawn/);
});

test("a case that a supervisor gives to somebody else says to whom", () => {
  const given = { state: "active", owner: "agent:bo", agent: "bo", agent_before: "ana", actor: "supervisor:sue" } as const;
  assert.equal(departure(anEvent("case_assigned", "c-1", given), view), "The offer “Refund” was given to bo.");
  assert.equal(departure(anEvent("case_assigned", "c-2", given), view), "“Login” was given to bo.");
  assert.equal(departure(anEvent("case_assigned", "c-1", { ...given, agent: "ana", owner: "agent:ana" }), view), null);
});

test("a parked case that goes back by itself says why", () => {
  const back = { state_before: "parked", agent_before: "ana", actor: "engine:waking" } as const;
  assert.match(departure(anEvent("case_returned", "c-2", { ...back, reason: "wake_limit" }), view)!, /“Login” went back .* no room/);
  assert.match(departure(anEvent("case_returned", "c-2", { ...back, reason: "owner_offline" }), view)!, /you were offline/);
});

test("a transfer that came to nothing is told to both, but not to whoever ended it", () => {
  const failed = { state: "active", owner: "agent:ana", agent: "ana", target_before: "bo" } as const;
  const told = (change: object, who = view): string | null => departure(anEvent("transfer_failed", "c-2", { ...failed, ...change }), who);
  assert.equal(told({ reason: "declined", actor: "agent:bo" }), "“Login” stays with you: bo declined it.");
  assert.equal(told({ reason: "expired", actor: "engine:timers" }), "“Login” stays with you: bo did not answer in time.");
  assert.equal(told({ reason: "agent_lost", actor: "engine:presence" }), "“Login” stays with you: bo is no longer there.");
  assert.equal(told({ reason: "withdrawn", actor: "agent:ana" }), null);
  const offered = anEvent("transfer_failed", "c-1", { ...failed, agent: "bo", target_before: "ana", reason: "expired", actor: "engine:timers" });
  assert.equal(departure(offered, view), "“Refund” is no longer offered to you.");
  const accepted = { state: "active", agent: "bo", agent_before: "ana", target_before: "bo", actor: "agent:bo" } as const;
  assert.equal(departure(anEvent("case_transferred", "c-2", accepted), view), "“Login” is now with bo.");
});

test("what the agent does itself needs no sentence, what others do to its desk does", () => {
  const closed = { state: "closed", state_before: "active", agent_before: "ana" } as const;
  assert.equal(departure(anEvent("case_accepted", "c-1", { state: "active", agent: "ana" }), view), null);
  assert.equal(departure(anEvent("case_closed", "c-2", { ...closed, actor: "agent:ana" }), view), null);
  assert.match(departure(anEvent("case_closed", "c-2", { ...closed, actor: "engine" }), view)!, /“Login” has left your desk/);
  assert.match(departure(anEvent("case_wrapping", "c-2", { state: "wrapping", reason: "duplicate" }), view)!, /finish up/);
});

test("an absence names the new owner where it is known and claims nothing where it is not", () => {
  const now = { case: "c-1", state: "active", owner: "agent:bo", agent: "bo", baton: "b", revision: 3 } as const;
  assert.equal(absence(offer, now), "While you were away: the offer “Refund” left you; bo has it.");
  assert.equal(absence(owned, null), "While you were away: the case “Login” is no longer yours.");
});

test("a subject that reverses what follows it is quoted with the reversal made visible", () => {
  const liar = aCase("c-3", { card: { subject: "invoice\u202egnp.exe\u2066" } });
  assert.equal(quoted(liar), "“invoice\ufffdgnp.exe\ufffd”");
});

test("a case that the server returned says why", () => {
  const back = { state: "waiting", state_before: "active", agent_before: "ana" } as const;
  const told = (reason: string): string | null => departure(anEvent("case_returned", "c-2", { ...back, reason }), view);
  assert.equal(told("shift_end"), "“Login” went back to the queue billing because your shift ended.");
  assert.equal(told("agent_lost"), "“Login” went back to the queue billing because your connection was lost.");
});

test("a case that came without being asked for is told of, to whom it came", () => {
  const given = { state: "active", state_before: "waiting", agent: "ana", card: { subject: "Call" } } as const;
  assert.equal(arrival(anEvent("case_assigned", "c-9", given), view), "“Call” was given to you: it is on your desk.");
  assert.equal(arrival(anEvent("case_assigned", "c-9", { ...given, agent: "bo" }), view), null);
  assert.equal(arrival(anEvent("case_taken", "c-9", given), view), null);
});

test("a status that the server set says why", () => {
  assert.equal(imposed(anAgent()), null);
  assert.equal(
    imposed(anAgent({ status: "not_responding", label: "not_responding", status_cause: "missed_offers" })),
    "You were set to “not responding” because offers were not answered.",
  );
  assert.equal(imposed(anAgent({ label: "break", status_cause: "on_decline" })), "You were set to “break” because you declined an offer.");
});

test("a queue says what keeps it from its usual course", () => {
  assert.match(standstill({ paused: true, draining: true }) ?? "", /paused/);
  assert.match(standstill({ draining: true }) ?? "", /emptied/);
  assert.match(standstill({ open: false }) ?? "", /closed\.$/);
  assert.match(standstill({ open: false, next_change_at_ms: 1_800_000_000_000 }) ?? "", /closed until .*2027/);
  assert.equal(standstill({}), null);
});
