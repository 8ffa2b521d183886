import assert from "node:assert/strict";
import { test } from "node:test";
import { isPassing, renewAgainInMs, renewInMs } from "../src/door/link";
import { CommandRefused, ConnectionEnded, NotSent, OutcomeUnknown } from "../src/sdk/index";

test("a token is renewed five minutes before its end, a short-lived one after three quarters of its life", () => {
  assert.equal(renewInMs(3_600_000), 3_300_000);
  assert.equal(renewInMs(60_000), 45_000);
});

test("a renewal that nobody answered has several tries in what is left of a short-lived token", () => {
  assert.deepEqual([300_000, 60_000, 15_000, 4000, 0, -1].map(renewAgainInMs), [15_000, 15_000, 3750, 1000, 1000, 1000]);
});

test("a token of a year is looked at when the longest timer is up", () => {
  assert.equal(renewInMs(365 * 86_400_000), 2 ** 31 - 1);
});

test("a renewal that nobody answered is tried again, one that was refused is not", () => {
  const refused = (retryable: boolean): CommandRefused => new CommandRefused({ code: "UNAVAILABLE", detail: "", retryable });
  assert.deepEqual([refused(true), new NotSent("no network"), new OutcomeUnknown("no answer")].map(isPassing), [true, true, true]);
  assert.deepEqual([refused(false), new ConnectionEnded(4401, "the token has expired")].map(isPassing), [false, false]);
  assert.throws(() => isPassing(new TypeError("a fault of ours")), TypeError);
});
