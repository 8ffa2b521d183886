import assert from "node:assert/strict";
import { test } from "node:test";
import { formatClock, formatDuration, formatLeft, formatMoment, formatSpoken, formatTime, plural } from "../src/ui/format";

const MINUTE = 60_000;

test("a duration has the units that matter at its length", () => {
  assert.equal(formatDuration(-5), "0 sec");
  assert.equal(formatDuration(59_999), "59 sec");
  assert.equal(formatDuration(5 * MINUTE), "5 min");
  assert.equal(formatDuration(125 * MINUTE), "2 hr 5 min");
  assert.equal(formatDuration(120 * MINUTE), "2 hr");
  assert.equal(formatDuration(73 * 60 * MINUTE), "3 days");
});

test("a clock shows hours when there are any, and minutes and seconds with two digits", () => {
  assert.equal(formatClock(42_900), "0:42");
  assert.equal(formatClock(12 * MINUTE + 5_000), "12:05");
  assert.equal(formatClock(62 * MINUTE + 5_000), "1:02:05");
});

test("what is left is rounded up, so that zero means over", () => {
  assert.equal(formatLeft(1), "1");
  assert.equal(formatLeft(0), "0");
  assert.equal(formatLeft(-1_000), "0");
  assert.equal(formatLeft(119_000), "119");
  assert.equal(formatLeft(121_000), "3 min");
  assert.equal(formatLeft(99 * MINUTE), "99 min");
  assert.equal(formatLeft(4 * 60 * MINUTE), "4 hr");
  assert.equal(formatLeft(4 * 60 * MINUTE - 1_000), "4 hr");
});

test("a number chooses its form", () => {
  const forms = { one: "# case", other: "# cases" };
  assert.deepEqual([1, 2, 0, 1_200].map((count) => plural(count, forms)), ["1 case", "2 cases", "0 cases", "1,200 cases"]);
});

test("what is read out has its units in full", () => {
  assert.equal(formatSpoken(238 * MINUTE), "3 hours 58 minutes");
  assert.equal(formatSpoken(61 * MINUTE), "1 hour 1 minute");
  assert.equal(formatSpoken(20_400), "20 seconds");
});

test("an instant of today is a time, and of another day has that day", () => {
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour, 30).getTime();
  assert.equal(formatMoment(at(26, 23), at(26, 0)), formatTime(at(26, 23)));
  assert.equal(formatMoment(at(27, 0), at(26, 23)), "Fri, Nov 27, 12:30 AM");
  assert.equal(formatMoment(at(25, 9), at(26, 9)), "Wed, Nov 25, 9:30 AM");
});
