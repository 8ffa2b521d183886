import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, locate } from "../src/supervisor/setup/differences";

test("two documents differ by what is added, changed and gone, each with its path", () => {
  const before = { queues: { a: { mode: "push", rank: 0 }, b: {} }, skills: ["x"] };
  const after = { queues: { a: { mode: "pull", rank: 0 }, c: { mode: "push" } }, skills: ["x", "y"] };
  assert.deepEqual(differences(before, after), [
    { path: "$.queues.a.mode", before: "push", after: "pull" },
    { path: "$.queues.b", before: {}, after: undefined },
    { path: "$.queues.c", before: undefined, after: { mode: "push" } },
    { path: "$.skills", before: ["x"], after: ["x", "y"] },
  ]);
  assert.deepEqual(differences(before, structuredClone(before)), []);
});

test("a fault's path leads to its place in the text, or to what it is missing in", () => {
  const text = JSON.stringify({ channels: { case: { ring_s: 1 } }, queues: { case: { ring_s: 2 } } }, null, 2);
  const found = (path: string): string => {
    const [from, to] = locate(text, path) ?? [0, 0];
    return `${text.slice(from, to)} in line ${text.slice(0, from).split("\n").length}`;
  };
  assert.equal(found("$.queues.case.ring_s"), '"ring_s" in line 9');
  assert.equal(found("$.queues.case.mode"), '"case" in line 8');
  assert.equal(locate(text, "$"), null);
});
