import assert from "node:assert/strict";
import { test } from "node:test";
import { Restart } from "../src/door/restart";
import { HandClock } from "./fakes";

const AFTER_MS = 5_000;

test("a server that is not back some seconds after it should be cannot be reached", () => {
  const clock = new HandClock();
  const restart = new Restart(clock);
  restart.announce(AFTER_MS);
  clock.advance(AFTER_MS + 19_999);
  assert.equal(restart.state.value, "announced");
  clock.advance(1);
  assert.equal(restart.state.value, "overdue");
  restart.end();
  assert.equal(restart.state.value, "none");
});

test("one that is back in time never was away, and another announcement begins anew", () => {
  const clock = new HandClock();
  const restart = new Restart(clock);
  restart.announce(AFTER_MS);
  restart.end();
  clock.advance(60_000);
  assert.equal(restart.state.value, "none");
  restart.announce(AFTER_MS);
  clock.advance(20_000);
  restart.announce(AFTER_MS);
  clock.advance(20_000);
  assert.equal(restart.state.value, "announced");
});
