import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { filled } from "../src/sdk/filled";
import { MINUTE } from "../src/sdk/types";
import type { Minute } from "../src/sdk/types";
import { MINUTE_MS, Minutes, countedOf, levelOf, levelsOf, sumOf } from "../src/supervisor/floor/minutes";
import { lastKnown } from "../src/supervisor/queue/last-known";

const NOW = 100 * MINUTE_MS + 5_000;
const at = (ago: number): number => (100 - ago) * MINUTE_MS;

const rows = (...told: (Partial<Minute> & Pick<Minute, "queue" | "at_ms">)[]): Minute[] => told.map((row) => filled<Minute>(MINUTE, row));

let minutes: Minutes;

beforeEach(() => {
  minutes = new Minutes();
  minutes.sinceMs = at(3);
});

test("a row that comes again takes the place of the one before", () => {
  minutes.take(rows({ queue: "a", at_ms: at(0), arrived: 1 }));
  minutes.take(rows({ queue: "a", at_ms: at(0), arrived: 2, owned: 1 }));
  assert.deepEqual([sumOf(minutes.last(60, NOW), "arrived"), sumOf(minutes.last(60, NOW), "owned")], [2, 1]);
});

test("queues add up by the minute, and one can be had alone", () => {
  minutes.take(rows({ queue: "a", at_ms: at(1), closed: 2 }, { queue: "b", at_ms: at(1), closed: 3 }, { queue: "a", at_ms: at(0), closed: 1 }));
  assert.deepEqual(minutes.last(3, NOW).map(({ closed }) => closed), [0, 5, 1]);
  assert.deepEqual(minutes.last(3, NOW, "a").map(({ closed }) => closed), [0, 2, 1]);
  assert.deepEqual(minutes.last(2, NOW, "nowhere").map(({ closed }) => closed), [0, 0]);
});

test("the service level counts who was owned, who left and who waits for too long; without any there is none", () => {
  minutes.take(rows({ queue: "a", at_ms: at(0), arrived: 9, owned: 6, in_time: 5, abandoned: 1, short_abandoned: 2, overdue: 1 }));
  assert.equal(levelOf(minutes.last(30, NOW)), 5 / 8);
  assert.equal(levelOf([]), null);
});

test("how the level went is of ten minutes each, and of none where nothing counts", () => {
  minutes.take(rows({ queue: "a", at_ms: at(12), owned: 1, in_time: 1 }, { queue: "a", at_ms: at(1), owned: 3, in_time: 1 }, { queue: "a", at_ms: at(0), owned: 1, in_time: 1 }));
  const levels = levelsOf(minutes.last(13, NOW));
  assert.deepEqual([levels[0], levels[9], levels[10], levels[11], levels[12]], [1, 1, null, 1 / 3, 1 / 2]);
  assert.equal(countedOf(minutes.last(13, NOW)), 5);
});

test("a count by the minute is unknown before the figures begin", () => {
  minutes.take(rows({ queue: "a", at_ms: at(4), owned: 5 }, { queue: "a", at_ms: at(1), owned: 2 }));
  assert.deepEqual(minutes.counts(minutes.last(5, NOW), "owned"), [null, 0, 0, 2, 0]);
});

test("the line of who waited is unknown before the figures begin, and ends with who waits now", () => {
  minutes.take(rows({ queue: "a", at_ms: at(2), waiting: 4 }, { queue: "a", at_ms: at(4), waiting: 9 }));
  assert.deepEqual(minutes.waits(6, NOW, 7, "a"), [null, null, 0, 4, 0, 7]);
});

test("what is an hour old goes, and so does a queue that is gone", () => {
  minutes.take(rows({ queue: "a", at_ms: at(60), closed: 1 }, { queue: "b", at_ms: at(0), closed: 1 }));
  minutes.take(rows({ queue: "a", at_ms: at(0), closed: 1 }));
  assert.equal(sumOf(minutes.last(90, NOW), "closed"), 2);
  minutes.drop("b");
  assert.equal(sumOf(minutes.last(90, NOW), "closed"), 1);
});

test("what a chart's legend tells is the last minute of which everything is known", () => {
  assert.equal(lastKnown([[1, 2, 3], [null, 5, null]]), 1);
  assert.equal(lastKnown([[1, 2], [null, null]]), null);
});
