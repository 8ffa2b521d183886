import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandRefused, NotSent } from "../src/sdk/index";
import { type Outcome, act, actOnAll } from "../src/supervisor/act";
import { Latest } from "../src/supervisor/latest";
import { Notices } from "../src/ui/notices";

const refused = (code: string, detail: string): CommandRefused => new CommandRefused({ code, detail, retryable: false });

test("what is done is said, and what is refused is said with the reason", async () => {
  const notices = new Notices();
  assert.equal(await act(notices, "Drain", async () => {}, "Ana gets nothing new."), true);
  assert.equal(await act(notices, "Drain", () => Promise.reject(refused("OUT_OF_SCOPE", "no")), "never"), false);
  assert.equal(await act(notices, "Drain", () => Promise.reject(refused("SOMETHING_NEW", "as the server says it")), "never"), false);
  const [newest, middle, oldest] = notices.shown.value.map(({ text }) => text);
  assert.deepEqual([oldest, newest], ["Ana gets nothing new.", "Drain: as the server says it"]);
  assert.match(middle!, /^Drain: it belongs to another/);
});

test("what is said of a thing takes the place of what was said of it before, and of nothing else", async () => {
  const [notices, said] = [new Notices(), new Latest()];
  await act(notices, "Pause", async () => {}, "billing is paused.", said);
  await act(notices, "Pause", async () => {}, "support is paused.", new Latest());
  await act(notices, "Go on", () => Promise.reject(refused("OUT_OF_SCOPE", "no")), "never", said);
  notices.pass(1);
  assert.equal(notices.shown.value.length, 3);
  await act(notices, "Go on", async () => {}, "billing goes on.", said);
  notices.pass(1);
  assert.deepEqual(notices.shown.value.map(({ text }) => text).filter((text) => text.endsWith(".") && !text.startsWith("Go on")), ["billing goes on.", "support is paused."]);
});

test("a fault of the page itself is not told as a refusal", async () => {
  await assert.rejects(act(new Notices(), "Drain", () => Promise.reject(new TypeError("bug")), "never"), TypeError);
});

test("of many each has its own outcome, and only some are under way at one time", async () => {
  const outcomes: Outcome[] = [];
  let [underWay, most] = [0, 0];
  const ids = Array.from({ length: 40 }, (_, index) => `a-${index}`);
  await actOnAll(ids, async (id) => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    underWay--;
    if (id === "a-7") throw new NotSent();
  }, (outcome) => outcomes.push(outcome));
  assert.deepEqual(new Set(outcomes.map(({ id }) => id)), new Set(ids));
  assert.deepEqual(outcomes.filter(({ error }) => error).map(({ id, error }) => [id, error!.code]), [["a-7", "NOT_SENT"]]);
  assert.ok(most <= 8);
});
