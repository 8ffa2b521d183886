import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseInShort, pauseWords } from "../src/supervisor/queue/pause-words";

const at_ms = Date.UTC(2026, 0, 5, 12);

test("a pause says its reason, who made it, and since when", () => {
  assert.match(pauseWords({ pause: { at_ms, by: "supervisor:sue", reason: "fire drill" } }), /^fire drill · Supervisor sue, since .*\d/);
});

test("where there is little room it says the reason and the name", () => {
  assert.equal(pauseInShort({ pause: { at_ms, by: "supervisor:sue", reason: "fire drill" } }), "fire drill · sue");
  assert.equal(pauseInShort({ pause: { at_ms, by: "admin:ann" } }), "ann");
});

test("a pause without a reason says who made it; without a pause nothing is said", () => {
  assert.match(pauseWords({ pause: { at_ms, by: "admin:ann" } }), /^Administrator ann, since /);
  assert.equal(pauseWords({}), "");
  assert.equal(pauseInShort({}), "");
});
