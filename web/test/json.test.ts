import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonOf } from "../src/sdk/json";

test("half a pair of surrogates is sent as the sign for what cannot be read, in values and keys", () => {
  assert.equal(jsonOf({ subject: "cut \ud83d", "\udc00": ["\ud83d\ud83d\ude00"] }), '{"subject":"cut \ufffd","\ufffd":["\ufffd\u{1f600}"]}');
  assert.deepEqual(new TextDecoder("utf-8", { fatal: true }).decode(new TextEncoder().encode(jsonOf("\ud800"))), '"\ufffd"');
});

test("whole text stays as it is, that which looks like an escape, too", () => {
  for (const text of ["\u{1f600}", "\\ud800", "\\\\ud800", "\\", '"', "\n\u0001", "\ufffd", "Mu\u0308ller"]) {
    assert.equal(jsonOf(text), JSON.stringify(text));
    assert.equal(JSON.parse(jsonOf(text)), text);
  }
});
