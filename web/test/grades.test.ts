import assert from "node:assert/strict";
import { test } from "node:test";
import { gradeOfLevel, gradeOfWait } from "../src/supervisor/wallboard/grades";

test("a level of four in five is good; without cases there is nothing to judge", () => {
  assert.deepEqual([1, 0.8, 0.79, 0.6, 0.59, 0, null].map(gradeOfLevel), ["good", "good", "soon", "soon", "late", "late", "none"]);
});

test("a wait is at risk in the second half of its time, and missed after it", () => {
  assert.deepEqual([0, 10_000, 10_001, 20_000, 20_001].map((waited) => gradeOfWait(waited, 20_000)), ["good", "good", "soon", "soon", "late"]);
  assert.equal(gradeOfWait(99_999, 0), "none");
});
