import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, keyOf, neededIn } from "../src/agent/queues/columns";
import { takenOf } from "../src/agent/queues/takes";
import { stopWord } from "../src/agent/queues/standing";
import { CommandRefused } from "../src/sdk/errors";
import type { Case } from "../src/sdk/types";

const a = (id: string, more: Partial<Case> = {}): Case => ({ case: id, baton: "b", channel: "case", card: { subject: id }, ...more }) as Case;

test("a column is needed when a case has something to show in it, and stays then", () => {
  assert.deepEqual(neededIn([a("c-1"), a("c-2")], []), []);
  const needed = neededIn([a("c-1", { skills: { german: 3 } }), a("c-2", { channel: "call", card: { subject: "x", customer: "Zoe" } })], []);
  assert.deepEqual(needed, ["customer", "skills", "channel"]);
  assert.equal(neededIn([], needed), needed);
});

test("of the needed columns those are shown that there is room for, and without room for any there is no table", () => {
  const needed = ["customer", "window", "skills", "channel"] as const;
  assert.deepEqual(fitting(needed, 90), needed);
  assert.deepEqual(fitting(needed, 41), ["customer"]);
  assert.deepEqual(fitting(needed, 48), ["customer", "skills"]);
  assert.deepEqual(fitting(needed, 32), []);
  assert.equal(fitting(needed, 31), null);
});

test("a case that came back with another baton is another row", () => {
  assert.notEqual(keyOf(a("c-1", { baton: "b1" })), keyOf(a("c-1", { baton: "b2" })));
});

test("each of several that were taken has its own outcome", () => {
  const lost = new CommandRefused({ code: "TAKEN", detail: "", retryable: false });
  const taken = takenOf([a("c-1"), a("c-2")], [{}, lost], () => "Bo has it.");
  assert.deepEqual(taken.map(({ one, why }) => [one.case, why]), [["c-1", null], ["c-2", "Bo has it."]]);
});

test("a queue says the first thing that stops it", () => {
  const usual = { paused: false, draining: false, open: true };
  assert.equal(stopWord(usual), null);
  assert.equal(stopWord({ ...usual, paused: true, open: false }), "Paused");
  assert.equal(stopWord({ ...usual, open: false }), "Closed");
  assert.match(stopWord({ ...usual, open: false, next_change_at_ms: 1_800_000_000_000 })!, /^Opens \d/);
  assert.equal(stopWord({ ...usual, draining: true }), "Being emptied");
});
