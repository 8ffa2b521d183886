import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionIn } from "../src/door/door";

test("what a tab has kept is its session", () => {
  assert.deepEqual(sessionIn('{"workspace": "acme", "token": "t-1"}'), { workspace: "acme", token: "t-1" });
});

test("with anything else nobody is signed in", () => {
  for (const kept of [null, "", "null", "5", "{", '{"workspace": "acme"}', '{"workspace": "acme", "token": 5}', "[]"]) assert.equal(sessionIn(kept), null, String(kept));
});
