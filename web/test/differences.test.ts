import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../src/supervisor/setup/differences";
import { locateToml } from "../src/supervisor/setup/toml-place";

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

test("a fault's path leads to its line in the text, or to the table that it is missing in", () => {
  const text = ['skills = ["x"]', "[channels.case]", "ring_s = 1", "", '[queues."a.b"] # the first', "[queues.case]", "mode = 'push'", "ring_s = 2", "[[effects]]", 'on = "a"', "[[effects]]", 'on = "b"'].join("\n");
  const found = (path: string): string => {
    const [from, to] = locateToml(text, path) ?? [0, 0];
    return `${text.slice(from, to)} in line ${text.slice(0, from).split("\n").length}`;
  };
  assert.equal(found("$.queues.case.ring_s"), "ring_s in line 8");
  assert.equal(found("$.queues.case.when_closed"), "queues.case in line 6");
  assert.equal(found('$.queues["a.b"].mode'), 'queues."a.b" in line 5');
  assert.equal(found("$.effects[1].on"), "on in line 12");
  assert.equal(found("$.skills[0]"), "skills in line 1");
  assert.equal(locateToml(text, "$"), null);
});
