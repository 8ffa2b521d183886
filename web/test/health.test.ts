import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeHealth } from "../src/sdk";
import { illsOfNode, illsOfServer } from "../src/supervisor/health/judge";

const NOW = 100_000;
const node: NodeHealth = { node: "n1", at_ms: NOW - 1_000, since_ms: 0, version: "1" };

test("a node that tells nothing of lags is well", () => {
  assert.deepEqual(illsOfNode(node, NOW), []);
});

test("each lag that people would notice is named", () => {
  assert.deepEqual(illsOfNode({ ...node, loop_lag_ms: 101, log_lag_ms: 501, store_ms: 101 }, NOW), ["loop", "log", "store"]);
  assert.deepEqual(illsOfNode({ ...node, loop_lag_ms: 100, log_lag_ms: 500, store_ms: 100, draining: true }, NOW), ["draining"]);
});

test("what a node told before it fell silent counts no more", () => {
  assert.deepEqual(illsOfNode({ ...node, at_ms: NOW - 5_001, loop_lag_ms: 900 }, NOW), ["silent"]);
});

test("a store that does not answer is ill, and one whose memory is nearly full, where it has a limit", () => {
  assert.deepEqual(illsOfServer({ server: "s" }), ["unanswered"]);
  assert.deepEqual(illsOfServer({ server: "s", version: "8", memory_bytes: 900, memory_limit_bytes: 1_000 }), ["memory"]);
  assert.deepEqual(illsOfServer({ server: "s", version: "8", memory_bytes: 900 }), []);
});
