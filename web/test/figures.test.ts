import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptedShare, answered, averageHandleMs, averageWrapUpMs, perHour } from "../src/agent/day/figures";
import type { Day } from "../src/sdk/types";

const HOUR = 3_600_000;
const NONE: Day = { agent: "ana", at_ms: 0, since_ms: 0, handled: 0, handed_on: 0, worked_ms: 0, wrap_up_ms: 0, offered: 0, accepted: 0, declined: 0, missed: 0 };

const ended = (atMs: number) => ({ case: `c-${atMs}`, state: "closed" as const, ended_at_ms: atMs });

test("averages are over all that was worked on, and of nothing there is none", () => {
  assert.equal(averageHandleMs({ ...NONE, handled: 3, handed_on: 1, worked_ms: 400 }), 100);
  assert.equal(averageWrapUpMs({ ...NONE, handled: 4, handed_on: 1, wrap_up_ms: 400 }), 100);
  assert.equal(acceptedShare({ ...NONE, offered: 5, accepted: 3, declined: 1, missed: 0 }), 0.75);
  assert.equal(answered({ ...NONE, offered: 5, accepted: 3, declined: 1, missed: 0 }), 4); // the fifth rings
  assert.deepEqual([averageHandleMs(NONE), averageWrapUpMs(NONE), acceptedShare(NONE)], [null, null, null]);
});

test("each hour counts the cases that ended in it, the running one last", () => {
  const recent = [ended(2.5 * HOUR), ended(2.1 * HOUR), ended(0.5 * HOUR), ended(-1)];
  assert.deepEqual(perHour({ ...NONE, at_ms: 2.6 * HOUR, recent }), [1, 0, 2]);
});

test("an hour of which not every end is told shows nothing, and neither do those before it", () => {
  const recent = Array.from({ length: 50 }, (_, place) => ended((place < 30 ? 3.5 : 2.5) * HOUR));
  assert.deepEqual(perHour({ ...NONE, at_ms: 3.6 * HOUR, recent }), [null, null, null, 30]);
});

test("a day that has just begun has one hour, and what has gone on elsewhere ends in none", () => {
  assert.deepEqual(perHour({ ...NONE, at_ms: 1, recent: [{ case: "c-1", state: "active" }] }), [0]);
});
