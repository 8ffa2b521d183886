import assert from "node:assert/strict";
import { test } from "node:test";
import { keysBetween, rangeAt, scrollFor, sortRows } from "../src/ui/virtual";

test("of a long list only the rows in sight are drawn, with some above and below", () => {
  const { start, end } = rangeAt(10_000, 400, 40, 5_000);
  assert.ok(start <= 250 - 8 && start > 230);
  assert.ok(end >= 260 + 8 && end < 280);
});

test("the drawn rows stay within the list, at its ends and when it is shorter than the window", () => {
  assert.deepEqual(rangeAt(0, 400, 40, 3), { start: 0, end: 3 });
  assert.deepEqual(rangeAt(0, 400, 40, 0), { start: 0, end: 0 });
  assert.equal(rangeAt(5_000 * 40 - 400, 400, 40, 5_000).end, 5_000);
});

test("a list that became shorter than what is scrolled away still has rows to draw", () => {
  const { start, end } = rangeAt(100_000, 400, 40, 20);
  assert.ok(start < end && end === 20);
});

test("a row in sight moves nothing, one above or below comes just into sight", () => {
  assert.equal(scrollFor(5, 100, 400, 40, 44), 100);
  assert.equal(scrollFor(1, 100, 400, 40, 44), 40);
  assert.equal(scrollFor(20, 100, 400, 40, 44), 20 * 40 + 40 + 44 - 400);
});

test("rows are sorted either way, equal ones keep their order, and an unknown column sorts nothing", () => {
  const rows = [{ id: "a", n: 2 }, { id: "b", n: 1 }, { id: "c", n: 2 }];
  const columns = [{ key: "n", compare: (one: { n: number }, other: { n: number }) => one.n - other.n }];
  const ids = (isDescending: boolean, column = "n"): string => sortRows(rows, columns, { column, isDescending }).map(({ id }) => id).join("");
  assert.equal(ids(false), "bac");
  assert.equal(ids(true), "acb");
  assert.equal(ids(true, "gone"), "abc");
  assert.equal(rows[0]!.id, "a");
});

test("a range has both its ends, whichever comes first", () => {
  const keys = ["a", "b", "c", "d"];
  assert.deepEqual(keysBetween(keys, "d", "b"), ["b", "c", "d"]);
  assert.deepEqual(keysBetween(keys, "gone", "b"), ["b"]);
  assert.deepEqual(keysBetween(keys, "a", "gone"), []);
});
