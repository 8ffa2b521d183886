import assert from "node:assert/strict";
import { test } from "node:test";
import { fromLines, isSame, toLines } from "../src/supervisor/agent/lines";

test("a table is written one name a line, and read back", () => {
  const skills = { german: 3, "cobol-85": 1 };
  assert.equal(toLines(skills), "cobol-85 1\ngerman 3");
  assert.deepEqual(fromLines(toLines(skills)), skills);
});

test("colons, equals signs and empty lines are as good; a name alone counts where there is a fall-back", () => {
  assert.deepEqual(fromLines(" german: 3\n\nenglish=2\n"), { german: 3, english: 2 });
  assert.deepEqual(fromLines("german", 1), { german: 1 });
});

test("a line that is no name with a number is told", () => {
  assert.deepEqual(fromLines("german 3\ngerman three"), { wrong: "german three" });
  assert.deepEqual(fromLines("german"), { wrong: "german" });
  assert.deepEqual(fromLines("-x 1"), { wrong: "-x 1" });
});

test("the same is the same in any order", () => {
  assert.ok(isSame({ a: 1, b: 2 }, { b: 2, a: 1 }) && isSame(["b", "a"], ["a", "b"]));
  assert.ok(!isSame({ a: 1 }, { a: 2 }) && !isSame(["a"], []));
});
