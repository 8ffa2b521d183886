import assert from "node:assert/strict";
import { test } from "node:test";
import { renewInMs } from "../src/door/link";

test("a token is renewed five minutes before its end, a short-lived one after three quarters of its life", () => {
  assert.equal(renewInMs(3_600_000), 3_300_000);
  assert.equal(renewInMs(60_000), 45_000);
});

test("a token of a year is looked at when the longest timer is up", () => {
  assert.equal(renewInMs(365 * 86_400_000), 2 ** 31 - 1);
});
