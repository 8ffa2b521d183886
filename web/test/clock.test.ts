import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerTime } from "../src/sdk/clock";
import { HandClock } from "./fakes";

test("the least delayed message tells the server's time", () => {
  const clock = new HandClock();
  const time = new ServerTime(clock);
  time.set(5_000_000);
  time.hear(4_999_000);
  assert.equal(time.now(), 5_000_000);
  time.hear(5_000_080);
  assert.equal(time.now(), 5_000_080);
});

test("what was heard long ago gives way to a clock that runs otherwise", () => {
  const clock = new HandClock();
  const time = new ServerTime(clock);
  time.set(5_000_000);
  for (let minute = 1; minute <= 20; minute += 1) {
    clock.advance(60_000);
    time.hear(5_000_000 + minute * 59_000); // the server's minute is a second shorter
  }
  const [estimate, truth] = [time.now(), 5_000_000 + 20 * 59_000];
  assert.ok(estimate - truth <= 10_000, `${estimate - truth} ms ahead`);
});
