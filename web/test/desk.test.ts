import assert from "node:assert/strict";
import { test } from "node:test";
import type { View } from "../src/sdk/desk";
import { EMPTY_VIEW, apply, fromSnapshot, isAfter, isThin, openLine } from "../src/sdk/desk";
import type { Case } from "../src/sdk/messages";
import { aCase, anAgent, anEvent } from "./fakes";

const ana = (offers: Case[] = [], desk: Case[] = []): View =>
  fromSnapshot({ agent: anAgent(), offers, desk, queues: [{ queue: "billing", mode: "both", waiting: 2 }], statuses: [] });

const watching = (waiting: number, ...cases: Case[]): View =>
  openLine(ana(), { queue: "billing", mode: "both", waiting, cases }, "100-0", []);

const ids = (cases: readonly Case[] | undefined): string[] => (cases ?? []).map((one) => one.case);

const offered = { state: "offered", agent: "ana", state_before: "waiting", deadline_at_ms: 30_000 } as const;

test("an offer appears with its card and deadline, and the load follows", () => {
  const held = [{ agent: "bo", primary: 9, interruptible: 9, offers: 9 }, { agent: "ana", primary: 0, interruptible: 1, offers: 1 }];
  const view = apply(ana(), anEvent("case_offered", "c-1", { ...offered, card: { subject: "Refund" }, held }));
  assert.deepEqual(ids(view.offers), ["c-1"]);
  assert.equal(view.offers[0]?.card?.subject, "Refund");
  assert.equal(view.offers[0]?.deadline_at_ms, 30_000);
  assert.equal(view.agent?.held_interruptible, 1);
  assert.equal(view.agent?.offers, 1);
});

test("an accepted offer moves to the desk and keeps what its event leaves out, but not the deadline", () => {
  const offer = { state: "offered", agent: "ana", deadline_at_ms: 9, priority: 2, requested_at_ms: 7 } as const;
  const before = ana([aCase("c-1", offer)]);
  const event = anEvent("case_accepted", "c-1", { state: "active", agent: "ana", state_before: "offered" });
  const view = apply(before, event);
  assert.deepEqual([ids(view.offers), ids(view.desk)], [[], ["c-1"]]);
  assert.deepEqual(view.desk[0], aCase("c-1", {
    state: "active", agent: "ana", baton: "b.2", revision: 2, priority: 2, requested_at_ms: 7, state_at_ms: 5,
  }));
});

for (const type of ["offer_expired", "offer_revoked", "case_declined", "case_cancelled"] as const) {
  test(`${type} takes the offer away`, () => {
    const before = ana([aCase("c-1", { state: "offered", agent: "ana" })]);
    const state = type === "case_cancelled" ? "cancelled" : "waiting";
    const view = apply(before, anEvent(type, "c-1", { state, state_before: "offered", agent_before: "ana" }));
    assert.deepEqual(ids(view.offers), []);
  });
}

test("an offer to somebody else is not mine", () => {
  const view = apply(ana(), anEvent("case_offered", "c-1", { ...offered, agent: "bo" }));
  assert.deepEqual(ids(view.offers), []);
});

test("a withdrawn case stays on the desk, wrapping, until it closes", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana" }), aCase("c-2", { state: "active", agent: "ana" })]);
  const event = { state: "wrapping", agent: "ana", state_before: "active", deadline_at_ms: 60_000 } as const;
  const wrapping = apply(before, anEvent("case_wrapping", "c-2", event));
  assert.deepEqual(wrapping.desk.map((one) => one.state), ["active", "wrapping"]);
  const closed = anEvent("case_closed", "c-2", { state: "closed", state_before: "wrapping", agent_before: "ana" });
  assert.deepEqual(ids(apply(wrapping, closed).desk), ["c-1"]);
});

test("a wrap-up tells how it ends and how often it was extended, and nothing of it stays behind", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana" })]);
  const stay = { state: "wrapping", agent: "ana", ends_as: "closed", extensions: 0, disposition: "solved" } as const;
  const wrapping = apply(before, anEvent("case_wrapping", "c-1", stay));
  const extended = apply(wrapping, anEvent("wrap_up_extended", "c-1", { ...stay, extensions: 1, deadline_at_ms: 90 }));
  const [one] = extended.desk;
  assert.deepEqual([one?.ends_as, one?.extensions, one?.disposition, one?.deadline_at_ms], ["closed", 1, "solved", 90]);
  const given = apply(extended, anEvent("case_assigned", "c-1", { state: "active", agent: "ana", baton: "b.3" }));
  assert.deepEqual([given.desk[0]?.ends_as, given.desk[0]?.extensions], [undefined, undefined]);
});

test("a parked case stays on the desk, and tells when it wakes or that it has", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana" })]);
  const stay = { state: "parked", agent: "ana" } as const;
  const parked = apply(before, anEvent("case_parked", "c-1", { ...stay, wake_at_ms: 90 })).desk[0];
  assert.deepEqual([parked?.state, parked?.wake_at_ms, parked?.wake_pending], ["parked", 90, undefined]);
  const pending = apply(before, anEvent("case_wake_pending", "c-1", { ...stay, wake_pending: true })).desk[0];
  assert.deepEqual([pending?.wake_at_ms, pending?.wake_pending], [undefined, true]);
});

test("a colleague's transfer is an offer with a baton of its own, and the sender's case stays as it is", () => {
  const ringing = { state: "active", agent: "bo", owner: "agent:bo", baton: "b.1", target: "ana", target_baton: "b.2", target_deadline_at_ms: 90 } as const;
  const [offer] = apply(ana(), anEvent("transfer_offered", "c-1", ringing)).offers;
  assert.deepEqual([offer?.baton, offer?.deadline_at_ms, offer?.state_at_ms], ["b.2", 90, 5]);

  const rung = apply(ana(), anEvent("transfer_offered", "c-1", ringing));
  const updated = apply(rung, anEvent("case_updated", "c-1", { ...ringing, at_ms: 7, card: { subject: "New" } }));
  assert.deepEqual([updated.offers[0]?.card?.subject, updated.offers[0]?.state_at_ms], ["New", 5]);
  assert.equal(apply(updated, { seq: 1, position: "300-0", at_ms: 5, actor: "e", cause: "t", type: "clock_moved", by_ms: 7 }).offers[0]?.deadline_at_ms, 97);
  const taken = apply(rung, anEvent("case_transferred", "c-1", { state: "active", agent: "ana", target_before: "ana", baton: "b.3" }));
  assert.deepEqual([ids(taken.offers), ids(taken.desk), taken.desk[0]?.target], [[], ["c-1"], undefined]);
  const failed = apply(rung, anEvent("transfer_failed", "c-1", { state: "active", agent: "bo", baton: "b.1", target_before: "ana" }));
  assert.deepEqual([ids(failed.offers), ids(failed.desk)], [[], []]);

  const mine = ana([], [aCase("c-1", { state: "active", agent: "ana", baton: "b.1" })]);
  const sent = apply(mine, anEvent("transfer_offered", "c-1", { ...ringing, agent: "ana", target: "bo" }));
  assert.deepEqual([ids(sent.offers), sent.desk[0]?.baton, sent.desk[0]?.target], [[], "b.1", "bo"]);
});

test("an update changes the card but neither the place nor the time in the state", () => {
  const before = ana([], [aCase("c-1", { state: "active", agent: "ana", state_at_ms: 3 })]);
  const event = { state: "active", agent: "ana", baton: "b.1", card: { subject: "New" } } as const;
  const [one] = apply(before, anEvent("case_updated", "c-1", event)).desk;
  assert.deepEqual([one?.card?.subject, one?.state_at_ms], ["New", 3]);
});

test("a line is ordered by score, then by case", () => {
  let view = watching(2, aCase("b", { score: 10 }), aCase("d", { score: 20 }));
  const arrivals = [["a", 20], ["c", 10], ["z", 5], ["y", 99]] as const;
  arrivals.forEach(([id, score], n) => {
    view = apply(view, anEvent("case_queued", id, { score, position: `${200 + n}-0` }));
  });
  assert.deepEqual(ids(view.lines["billing"]?.cases), ["z", "b", "c", "a", "d", "y"]);
});

test("a taken case leaves the line and the count of its queue", () => {
  const taken = anEvent("case_taken", "c-1", { state: "active", agent: "bo", state_before: "waiting" });
  const view = apply(watching(2, aCase("c-1"), aCase("c-2")), taken);
  assert.deepEqual(ids(view.lines["billing"]?.cases), ["c-2"]);
  assert.equal(view.lines["billing"]?.waiting, 1);
  assert.equal(view.queues[0]?.waiting, 1);
});

test("a transfer moves a case from one watched line to the other", () => {
  let view = watching(1, aCase("c-1"));
  view = openLine(view, { queue: "support", mode: "pull", waiting: 0, cases: [] }, "100-0", []);
  const moved = anEvent("case_transferred", "c-1", { queue: "support", queue_before: "billing", state_before: "waiting" });
  view = apply(view, moved);
  assert.deepEqual([ids(view.lines["billing"]?.cases), ids(view.lines["support"]?.cases)], [[], ["c-1"]]);
  assert.equal(view.lines["support"]?.cases[0]?.card?.subject, "Subject c-1");
});

test("a changed priority moves a waiting case within its line", () => {
  const view = watching(2, aCase("c-1", { score: 10 }), aCase("c-2", { score: 20 }));
  const urgent = anEvent("case_updated", "c-2", { score: 1, state_before: "waiting" });
  const after = apply(view, urgent).lines["billing"];
  assert.deepEqual([ids(after?.cases), after?.waiting], [["c-2", "c-1"], 2]);
});

test("behind a partial page nothing is added, since unknown cases stand between", () => {
  const view = watching(7, aCase("c-1", { score: 10 }), aCase("c-2", { score: 20 }));
  const last = apply(view, anEvent("case_queued", "c-9", { score: 99 })).lines["billing"];
  assert.deepEqual([ids(last?.cases), last?.waiting], [["c-1", "c-2"], 8]);
  const first = apply(view, anEvent("case_queued", "c-0", { score: 1 })).lines["billing"];
  assert.deepEqual(ids(first?.cases), ["c-0", "c-1", "c-2"]);
});

test("an event that the page already holds is not counted again", () => {
  const old = anEvent("case_queued", "c-1", { position: "99-5" });
  const line = apply(watching(1, aCase("c-1")), old).lines["billing"];
  assert.deepEqual([ids(line?.cases), line?.waiting], [["c-1"], 1]);
});

test("events that came while the page was on its way are applied to it, once", () => {
  const page = { queue: "billing", mode: "pull", waiting: 1, cases: [aCase("c-1")] } as const;
  const since = [anEvent("case_queued", "c-1", { position: "100-0" }), anEvent("case_queued", "c-2", { position: "101-0", score: 11 })];
  const line = openLine(ana(), { ...page, cases: [...page.cases] }, "100-0", since).lines["billing"];
  assert.deepEqual([ids(line?.cases), line?.waiting], [["c-1", "c-2"], 2]);
});

test("a line is thin when it shows few of many", () => {
  const line = { queue: "q", mode: "pull", position: "0-0" } as const;
  assert.equal(isThin({ ...line, waiting: 9, cases: [] }, 4), true);
  assert.equal(isThin({ ...line, waiting: 1, cases: [aCase("c-1")] }, 4), false);
  assert.equal(isThin({ ...line, waiting: 9, cases: [aCase("a"), aCase("b")] }, 4), false);
});

test("positions are compared as numbers, not as text", () => {
  assert.equal(isAfter("1000-0", "999-0"), true);
  assert.equal(isAfter("5-10", "5-9"), true);
  assert.equal(isAfter("5-9", "5-9"), false);
});

test("status, capacity and clock events change what they name", () => {
  const head = { seq: 1, position: "200-0", at_ms: 5, actor: "engine", cause: "test" };
  const waiting = ana([aCase("c-1", { state: "offered", agent: "ana", deadline_at_ms: 30_000 })]);
  const missed = { ...head, agent: "ana", status_before: "online", status: "not_responding" } as const;
  const unwell = apply(waiting, { ...missed, type: "agent_status_changed", status_cause: "missed_offers", channels: ["*"], label: "not_responding", label_before: "online", channels_before: ["*"], next_status: "" });
  assert.deepEqual([unwell.agent?.status, unwell.agent?.status_cause, unwell.agent?.label_before], ["not_responding", "missed_offers", "online"]);
  const { held_primary, held_interruptible, offers, ...whole } = anAgent({ capacity: 4, held_interruptible: 2 });
  const smaller = apply(ana(), { ...head, ...whole, type: "agent_updated" });
  assert.deepEqual([smaller.agent?.capacity, smaller.agent?.held_interruptible], [4, 0]);
  assert.equal(apply(waiting, { ...head, type: "clock_moved", by_ms: 7 }).offers[0]?.deadline_at_ms, 30_007);
});

test("a paused queue shows it in its tab and its line, until it is resumed", () => {
  const head = { seq: 1, at_ms: 5, actor: "supervisor:sue", cause: "pause_queue", queue: "billing" } as const;
  const paused = apply(watching(0), { ...head, type: "queue_paused", position: "200-0", paused: true, draining: false });
  assert.deepEqual([paused.queues[0]?.paused, paused.lines["billing"]?.paused], [true, true]);
  const resumed = apply(paused, { ...head, type: "queue_resumed", position: "201-0", paused: false, draining: false });
  assert.deepEqual([resumed.queues[0]?.paused, resumed.lines["billing"]?.paused], [false, false]);
  const closed = apply(resumed, { ...head, type: "queue_closed", position: "202-0", open: false, next_change_at_ms: 9 });
  assert.deepEqual([closed.lines["billing"]?.open, closed.queues[0]?.next_change_at_ms], [false, 9]);
  const opened = apply(closed, { ...head, type: "queue_opened", position: "203-0", open: true });
  assert.deepEqual([opened.lines["billing"]?.open, opened.queues[0]?.next_change_at_ms], [true, undefined]);
  const late = apply(paused, { ...head, type: "queue_resumed", position: "100-0", paused: false, draining: false });
  assert.equal(late.lines["billing"]?.paused, true);
});

test("another agent's events and unknown ones change nothing", () => {
  const head = { seq: 1, position: "200-0", at_ms: 5, actor: "engine", cause: "test" };
  const view = ana();
  assert.equal(apply(view, { ...head, type: "agent_presence_changed", agent: "bo", presence: "gone", presence_before: "grace" }), view);
  assert.equal(apply(view, { ...head, type: "from_the_future" } as never), view);
  assert.equal(apply(EMPTY_VIEW, { ...head, type: "config_applied" }), EMPTY_VIEW);
});

test("a case given outright is on the desk with its card, and the load follows", () => {
  const held = [{ agent: "ana", primary: 0, interruptible: 1, offers: 0 }];
  const given = { state: "active", agent: "ana", state_before: "waiting", card: { subject: "Call" }, held } as const;
  const view = apply(ana(), anEvent("case_assigned", "c-1", { ...given, held }));
  assert.deepEqual([ids(view.offers), ids(view.desk)], [[], ["c-1"]]);
  assert.deepEqual([view.desk[0]?.card?.subject, view.agent?.held_interruptible], ["Call", 1]);
});
