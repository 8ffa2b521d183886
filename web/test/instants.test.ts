import assert from "node:assert/strict";
import { test } from "node:test";
import { asLocal, nextMinute, tomorrowAtNine } from "../src/agent/instants";

test("tomorrow at nine is the next day's, also over the end of a month", () => {
  assert.equal(tomorrowAtNine(new Date(2026, 0, 31, 23, 59)), new Date(2026, 1, 1, 9).getTime());
  assert.equal(tomorrowAtNine(new Date(2026, 0, 30, 0, 1)), new Date(2026, 0, 31, 9).getTime());
});

test("an instant goes into a field for date and time and comes back the same", () => {
  const at = new Date(2026, 6, 4, 13, 5).getTime();
  assert.equal(asLocal(at), "2026-07-04T13:05");
  assert.equal(new Date(asLocal(at)).getTime(), at);
});

test("the next minute is later than now, also when one has just begun", () => {
  const begun = new Date(2026, 6, 4, 13, 5).getTime();
  const next = new Date(2026, 6, 4, 13, 6).getTime();
  assert.equal(nextMinute(begun), next);
  assert.equal(nextMinute(begun + 59_999), next);
});
