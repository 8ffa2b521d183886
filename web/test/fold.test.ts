import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, viewOf, wholeSnapshot } from "../src/sdk/fold";
import type { View } from "../src/sdk/fold";
import type { Case } from "../src/sdk/types";
import { aCase, anAgent, anEvent, anotherEvent } from "./fakes";

const ana = (offers: Case[] = [], desk: Case[] = []): View =>
  viewOf(wholeSnapshot({ agent: anAgent(), offers, desk, queues: [{ queue: "billing", mode: "both", waiting: 2 }], statuses: [] }));

const ids = (cases: ReadonlyMap<string, Case>): string[] => [...cases.keys()];
const first = (cases: ReadonlyMap<string, Case>): Case | undefined => [...cases.values()][0];

const offered = { state: "offered", agent: "ana", state_before: "waiting", deadline_at_ms: 30_000 } as const;

test("an offer appears with its card and deadline, and the load follows", () => {
  const held = [{ agent: "bo", primary: 9, interruptible: 9, offers: 9 }, { agent: "ana", primary: 0, interruptible: 1, offers: 1 }];
  const view = fold(ana(), anEvent("case_offered", "c-1", { ...offered, card: { subject: "Refund" }, held }));
  assert.deepEqual(ids(view.offers), ["c-1"]);
  assert.equal(first(view.offers)?.card?.subject, "Refund");
  assert.equal(first(view.offers)?.deadline_at_ms, 30_000);
  assert.equal(view.me.held_interruptible, 1);
  assert.equal(view.me.offers, 1);
});

test("an accepted offer moves to the desk and keeps what its event leaves out, but not the deadline", () => {
  const offer = { state: "offered", agent: "ana", deadline_at_ms: 9, priority: 2, requested_at_ms: 7 } as const;
  const before = ana([aCase("c-1", offer)]);
  const event = anEvent("case_accepted", "c-1", { state: "active", agent: "ana", state_before: "offered" });
  const view = fold(before, event);
  assert.deepEqual([ids(view.offers), ids(view.desk)], [[], ["c-1"]]);
  assert.deepEqual(first(view.desk), aCase("c-1", {
    state: "active", agent: "ana", baton: "b.2", revision: 2, priority: 2, requested_at_ms: 7, state_at_ms: 5,
  }));
});

for (const type of ["offer_expired", "offer_revoked", "case_declined", "case_cancelled"] as const) {
  test(`${type} takes the offer away`, () => {
    const before = ana([aCase("c-1", { state: "offered", agent: "ana" })]);
    const state = type === "case_cancelled" ? "cancelled" : "waiting";
    const view = fold(before, anEvent(type, "c-1", { state, state_before: "offered", agent_before: "ana" }));
    assert.deepEqual(ids(view.offers), []);
  });
}

test("an offer to somebody else is not mine", () => {
  const view = fold(ana(), anEvent("case_offered", "c-1", { ...offered, agent: "bo" }));
  assert.deepEqual(ids(view.offers), []);
});

test("a withdrawn case stays on the desk, wrapping, until it closes", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana" }), aCase("c-2", { state: "active", agent: "ana" })]);
  const event = { state: "wrapping", agent: "ana", state_before: "active", deadline_at_ms: 60_000 } as const;
  const wrapping = fold(before, anEvent("case_wrapping", "c-2", event));
  assert.deepEqual([...wrapping.desk.values()].map((one) => one.state), ["active", "wrapping"]);
  const closed = anEvent("case_closed", "c-2", { state: "closed", state_before: "wrapping", agent_before: "ana" });
  assert.deepEqual(ids(fold(wrapping, closed).desk), ["c-1"]);
});

test("a wrap-up tells how it ends and how often it was extended, and nothing of it stays behind", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana" })]);
  const stay = { state: "wrapping", agent: "ana", ends_as: "closed", extensions: 0, disposition: "solved" } as const;
  const wrapping = fold(before, anEvent("case_wrapping", "c-1", stay));
  const extended = fold(wrapping, anEvent("wrap_up_extended", "c-1", { ...stay, extensions: 1, deadline_at_ms: 90 }));
  const one = first(extended.desk);
  assert.deepEqual([one?.ends_as, one?.extensions, one?.disposition, one?.deadline_at_ms], ["closed", 1, "solved", 90]);
  const given = fold(extended, anEvent("case_assigned", "c-1", { state: "active", agent: "ana", baton: "b.3" }));
  assert.deepEqual([first(given.desk)?.ends_as, first(given.desk)?.extensions], [undefined, undefined]);
});

test("a parked case stays on the desk, and tells when it wakes or that it has", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana" })]);
  const stay = { state: "parked", agent: "ana" } as const;
  const parked = first(fold(before, anEvent("case_parked", "c-1", { ...stay, wake_at_ms: 90 })).desk);
  assert.deepEqual([parked?.state, parked?.wake_at_ms, parked?.wake_pending], ["parked", 90, false]);
  const pending = first(fold(before, anEvent("case_wake_pending", "c-1", { ...stay, wake_pending: true })).desk);
  assert.deepEqual([pending?.wake_at_ms, pending?.wake_pending], [undefined, true]);
});

test("a colleague's transfer is an offer with a baton of its own, and the sender's case stays as it is", () => {
  const ringing = { state: "active", agent: "bo", owner: "agent:bo", baton: "b.1", target: "ana", target_baton: "b.2", target_deadline_at_ms: 90 } as const;
  const offer = first(fold(ana(), anEvent("transfer_offered", "c-1", ringing)).offers);
  assert.deepEqual([offer?.baton, offer?.deadline_at_ms, offer?.state_at_ms], ["b.2", 90, 5]);

  const rung = fold(ana(), anEvent("transfer_offered", "c-1", ringing));
  const updated = fold(rung, anEvent("case_updated", "c-1", { ...ringing, at_ms: 7, card: { subject: "New" } }));
  assert.deepEqual([first(updated.offers)?.card?.subject, first(updated.offers)?.state_at_ms], ["New", 5]);
  assert.equal(first(fold(updated, anotherEvent("clock_moved", { by_ms: 7 })).offers)?.deadline_at_ms, 97);
  const taken = fold(rung, anEvent("case_transferred", "c-1", { state: "active", agent: "ana", target_before: "ana", baton: "b.3" }));
  assert.deepEqual([ids(taken.offers), ids(taken.desk), first(taken.desk)?.target], [[], ["c-1"], undefined]);
  const failed = fold(rung, anEvent("transfer_failed", "c-1", { state: "active", agent: "bo", baton: "b.1", target_before: "ana" }));
  assert.deepEqual([ids(failed.offers), ids(failed.desk)], [[], []]);

  const mine = ana([], [aCase("c-1", { state: "active", agent: "ana", baton: "b.1" })]);
  const sent = fold(mine, anEvent("transfer_offered", "c-1", { ...ringing, agent: "ana", target: "bo" }));
  assert.deepEqual([ids(sent.offers), first(sent.desk)?.baton, first(sent.desk)?.target], [[], "b.1", "bo"]);
});

test("an update changes the card but neither the place nor the time in the state", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana", state_at_ms: 3 })]);
  const event = { state: "active", agent: "ana", baton: "b.1", card: { subject: "New" } } as const;
  const one = first(fold(before, anEvent("case_updated", "c-1", event)).desk);
  assert.deepEqual([one?.card?.subject, one?.state_at_ms], ["New", 3]);
});

test("a status lasts since its label changed: other channels do not begin it anew", () => {
  const status = { agent: "ana", status: "busy", label: "lunch", status_cause: "agent", channels: ["*"], label_before: "online", channels_before: ["*"], next_status: "" } as const;
  const event = { ...status, channels: ["*"], channels_before: ["*"] };
  const lunch = fold(ana(), anotherEvent("agent_status_changed", { ...event, at_ms: 70 }));
  assert.deepEqual([lunch.me.label, lunch.me.status_at_ms, lunch.me.label_before], ["lunch", 70, "online"]);
  const narrower = fold(lunch, anotherEvent("agent_status_changed", { ...event, channels: ["chat"], at_ms: 90 }));
  assert.deepEqual([narrower.me.channels, narrower.me.status_at_ms], [["chat"], 70]);
});

test("presence tells since when", () => {
  const { me } = fold(ana(), anotherEvent("agent_presence_changed", { agent: "ana", presence: "grace", at_ms: 70 }));
  assert.deepEqual([me.presence, me.presence_at_ms], ["grace", 70]);
});

test("an updated agent is told whole: what is left out is at its default, and the load stays", () => {
  const before = viewOf(wholeSnapshot({ agent: anAgent({ held_primary: 4, limits: { chat: 2 } }), offers: [], desk: [], queues: [], statuses: [] }));
  const { me } = fold(before, anotherEvent("agent_updated", { agent: "ana", capacity: 7, skills: { german: 3 } }));
  assert.deepEqual([me.capacity, me.skills, me.limits, me.held_primary], [7, { german: 3 }, {}, 4]);
});

test("a raised hand is shown until it is lowered or answered", () => {
  const raised = fold(ana(), anotherEvent("flag_raised", { agent: "ana", case: "c-1", text: "help", at_ms: 70 }));
  assert.deepEqual(raised.me.flag, { raised_at_ms: 70, case: "c-1", text: "help" });
  assert.equal(fold(raised, anotherEvent("flag_answered", { agent: "ana" })).me.flag, undefined);
});

test("an agent that is kept free for a case says for which, until it is not", () => {
  const reserved = fold(ana(), anotherEvent("agent_reserved", { agent: "ana", case: "c-7" }));
  assert.equal(reserved.me.reserved_case, "c-7");
  assert.equal(fold(reserved, anotherEvent("reservation_ended", { agent: "ana", case: "c-7" })).me.reserved_case, "");
});

test("misses are counted as the engine counts them: until a case is accepted or taken, or the agent comes back", () => {
  const missed = (view: View): View => fold(view, anEvent("offer_expired", "c-1", { state: "waiting", agent_before: "ana" }));
  const twice = missed(missed(ana()));
  assert.equal(twice.me.missed, 2);
  assert.equal(fold(twice, anEvent("case_accepted", "c-2", { state: "active", agent: "ana" })).me.missed, 0);
  assert.equal(fold(twice, anEvent("case_assigned", "c-2", { state: "active", agent: "ana" })).me.missed, 2);
  const back = { agent: "ana", status: "online", label: "online", next_status: "" } as const;
  assert.equal(fold(twice, anotherEvent("agent_status_changed", back)).me.missed, 0);
  const colleagues = { state: "active", agent: "bo", target_before: "ana" } as const;
  assert.equal(fold(twice, anEvent("transfer_failed", "c-3", { ...colleagues, reason: "expired" })).me.missed, 3);
  assert.equal(fold(twice, anEvent("transfer_failed", "c-3", { ...colleagues, reason: "declined" })).me.missed, 2);
});

test("a clock that was moved moves every deadline", () => {
  const waiting = ana([aCase("c-1", { state: "offered", agent: "ana", deadline_at_ms: 30_000 })]);
  assert.equal(first(fold(waiting, anotherEvent("clock_moved", { by_ms: 7 })).offers)?.deadline_at_ms, 30_007);
});

test("a paused queue shows it until it is resumed, and nothing of it stays behind", () => {
  const paused = fold(ana(), anotherEvent("queue_paused", { queue: "billing", paused: true, next_change_at_ms: 9 }));
  assert.deepEqual([paused.queues[0]?.paused, paused.queues[0]?.next_change_at_ms], [true, 9]);
  const resumed = fold(paused, anotherEvent("queue_resumed", { queue: "billing", paused: false }));
  assert.deepEqual([resumed.queues[0]?.paused, resumed.queues[0]?.next_change_at_ms], [false, undefined]);
});

test("another agent's events and unknown ones change nothing", () => {
  const view = ana();
  assert.equal(fold(view, anotherEvent("agent_presence_changed", { agent: "bo", presence: "gone" })), view);
  assert.equal(fold(view, anotherEvent("from_the_future" as never)), view);
  assert.equal(fold(view, anEvent("case_queued", "c-9")), view);
});

test("what an event does not touch stays the same object", () => {
  const view = ana([aCase("c-1", { state: "offered", agent: "ana" })], [aCase("c-2", { state: "active", agent: "ana" })]);
  const after = fold(view, anEvent("case_updated", "c-2", { state: "active", agent: "ana", baton: "b.1" }));
  assert.deepEqual([after.offers === view.offers, after.me === view.me, after.desk === view.desk], [true, true, false]);
});

test("the first owner's clock stops with the first owner", () => {
  const before = ana([aCase("c-1", { state: "offered", agent: "ana", first_owner_due_at_ms: 90, completion_due_at_ms: 99 })]);
  const view = fold(before, anEvent("case_accepted", "c-1", { state: "active", agent: "ana", first_owner_ms: 5 }));
  assert.deepEqual([first(view.desk)?.first_owner_due_at_ms, first(view.desk)?.completion_due_at_ms], [undefined, 99]);
});

test("an event of a later version that moves a case moves it", () => {
  const before = ana([aCase("c-1", { state: "offered", agent: "ana" })]);
  const view = fold(before, anEvent("case_beamed_up" as never, "c-1", { state: "active", agent: "bo" }));
  assert.deepEqual(ids(view.offers), []);
});

test("a case that enters the view is told whole: what it no longer asks for is gone", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana", skills: { german: 3 } })]);
  const view = fold(before, anEvent("case_updated", "c-1", { state: "active", agent: "ana", baton: "b.1", channel: "chat" }));
  assert.deepEqual([first(view.desk)?.skills, first(view.desk)?.channel], [undefined, "chat"]);
});

test("a case given outright is on the desk with its card, and the load follows", () => {
  const held = [{ agent: "ana", primary: 0, interruptible: 1, offers: 0 }];
  const given = { state: "active", agent: "ana", state_before: "waiting", card: { subject: "Call" }, held } as const;
  const view = fold(ana(), anEvent("case_assigned", "c-1", { ...given, held }));
  assert.deepEqual([ids(view.offers), ids(view.desk)], [[], ["c-1"]]);
  assert.deepEqual([first(view.desk)?.card?.subject, view.me.held_interruptible], ["Call", 1]);
});
