import assert from "node:assert/strict";
import { test } from "node:test";
import { byDay, isAppointment, mapOf, midnightBefore, nextStage, progress, standing } from "../src/agent/appointments/plan";
import type { Case } from "../src/sdk/types";

const NOON = new Date(2026, 10, 25, 12).getTime();
const HOUR = 3_600_000;

function planned(id: string, fromMs?: number): { case: Case } {
  const window = fromMs === undefined ? {} : { window: { from_ms: fromMs, until_ms: fromMs + HOUR } };
  return { case: { case: id, ...window } as Case };
}

test("appointments stand by day and time, and what has no time comes last", () => {
  const days = byDay([planned("later", NOON + HOUR), planned("none"), planned("next-day", NOON + 24 * HOUR), planned("now", NOON)]);
  assert.deepEqual(days.map(({ appointments }) => appointments.map((each) => each.case.case)), [["now", "later"], ["next-day"], ["none"]]);
  assert.deepEqual(days.map(({ atMs }) => atMs), [midnightBefore(NOON), midnightBefore(NOON + 24 * HOUR), null]);
});

test("two at the same time stand by their ids, so that they do not change places", () => {
  const ids = byDay([planned("b", NOON), planned("a", NOON)])[0]!.appointments.map((each) => each.case.case);
  assert.deepEqual(ids, ["a", "b"]);
});

test("an appointment is what has a time or stages", () => {
  assert.ok(isAppointment({ window: { from_ms: 1, until_ms: 2 } }));
  assert.ok(isAppointment({ stage: "scheduled" }));
  assert.ok(!isAppointment({}));
});

test("its owner goes one step forward at a time, and from an end nowhere", () => {
  assert.deepEqual(["scheduled", "dispatched", "travelling", "in_progress"].map(nextStage), ["dispatched", "travelling", "in_progress", "completed"]);
  assert.deepEqual(["completed", "cannot_complete", "of a later server", undefined].map(nextStage), [null, null, null, null]);
  assert.deepEqual(progress("travelling"), { done: 2, of: 4 });
});

test("it is late when nobody is on the way in its time, and when its time is over", () => {
  const window = { from_ms: NOON, until_ms: NOON + HOUR };
  assert.equal(standing({ window, stage: "scheduled" }, NOON - 1), "ahead");
  assert.equal(standing({ window, stage: "dispatched" }, NOON), "late");
  assert.equal(standing({ window, stage: "in_progress" }, NOON), "due");
  assert.equal(standing({ window, stage: "in_progress" }, NOON + HOUR), "late");
  assert.equal(standing({ stage: "scheduled" }, NOON), "ahead");
});

test("a place is handed to the device's map as text, whatever stands in it", () => {
  assert.equal(mapOf("1 Main St"), "geo:0,0?q=1%20Main%20St");
  assert.equal(mapOf("javascript:alert(1)&z=9"), "geo:0,0?q=javascript%3Aalert(1)%26z%3D9");
  assert.equal(mapOf("half \ud800 a character"), "geo:0,0?q=half%20%EF%BF%BD%20a%20character");
  assert.equal(mapOf(undefined), null);
});
