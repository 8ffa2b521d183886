import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Note } from "../src/ui/alerts/notification";
import { Ringing } from "../src/ui/alerts/ringing";
import type { TabMessage } from "../src/ui/alerts/tabs";
import type { Sound } from "../src/ui/preferences";

const note = (tag: string): Note => ({ tag, title: `Offer ${tag}`, body: "acme" });

/** A tab whose means only write down what they are told. */
function aTab({ leads = true, hidden = false, sound = "looped" as Sound } = {}) {
  const told: string[] = [];
  const said: TabMessage[] = [];
  let take: (message: TabMessage) => void = () => {};
  const leading = signal(leads);
  const isHidden = signal(hidden);
  const ringing = new Ringing({
    bell: { ring: (_, isLooped) => told.push(isLooped ? "ring on" : "ring once"), stop: () => told.push("stop") },
    notify: async ({ tag }) => void told.push(`notify ${tag}`),
    close: async (tag) => void told.push(`close ${tag}`),
    badge: (count) => told.push(`badge ${count}`),
    vibrate: () => told.push("buzz"),
    tabs: { leads: leading, say: (message) => said.push(message), hear: (hear) => ((take = hear), () => (take = () => {})) },
    sound: () => sound,
    volume: () => 1,
    isHidden: () => isHidden.value,
  });
  told.length = 0;
  const since = (): string[] => told.splice(0);
  return { ringing, said, since, leading, isHidden, hear: (message: TabMessage) => take(message) };
}

test("an offer rings, is counted, and falls silent when it is gone", () => {
  const { ringing, since } = aTab();
  ringing.show([note("a")]);
  assert.deepEqual(since(), ["badge 1", "ring on"]);
  ringing.show([]);
  assert.deepEqual(since(), ["badge 0", "stop"]);
});

test("the same offers, shown again, change nothing", () => {
  const { ringing, since } = aTab();
  ringing.show([note("a"), note("b")]);
  since();
  ringing.show([note("a"), note("b")]);
  assert.deepEqual(since(), []);
});

test("who looks elsewhere is notified once of each offer, and no longer when it is gone", () => {
  const { ringing, since } = aTab({ hidden: true, sound: "off" });
  ringing.show([note("a")]);
  assert.deepEqual(since(), ["badge 1", "stop", "notify a", "buzz"]);
  ringing.show([note("a"), note("b")]);
  assert.deepEqual(since(), ["badge 2", "stop", "notify b", "buzz"]);
  ringing.show([note("b")]);
  assert.deepEqual(since(), ["badge 1", "stop", "close a"]);
});

test("who turns away while an offer rings is notified of it, and no longer when back at the page", () => {
  const { ringing, since, isHidden } = aTab({ sound: "off" });
  ringing.show([note("a")]);
  assert.deepEqual(since(), ["badge 1", "stop"]);
  isHidden.value = true;
  assert.deepEqual(since(), ["notify a", "buzz"]);
  isHidden.value = false;
  assert.deepEqual(since(), ["close a"]);
});

test("an answer silences this tab at once and tells the others", () => {
  const { ringing, since, said } = aTab();
  ringing.show([note("a")]);
  since();
  ringing.answered("a");
  assert.deepEqual(since(), ["stop"]);
  assert.deepEqual(said, [{ type: "answered", tag: "a" }]);
});

test("an answer in another tab silences this one, but not about the next offer", () => {
  const { ringing, since, hear } = aTab();
  ringing.show([note("a")]);
  since();
  hear({ type: "answered", tag: "a" });
  assert.deepEqual(since(), ["stop"]);
  ringing.show([note("a"), note("b")]);
  assert.deepEqual(since(), ["badge 2", "ring on"]);
});

test("a hush is for what rings now", () => {
  const { ringing, since, said } = aTab();
  ringing.show([note("a"), note("b")]);
  since();
  ringing.hush();
  assert.deepEqual(since(), ["stop"]);
  assert.deepEqual(said, [{ type: "hushed" }]);
  ringing.show([note("a"), note("b"), note("c")]);
  assert.ok(since().includes("ring on"));
});

test("an offer that comes again after it was answered rings again", () => {
  const { ringing, since } = aTab();
  ringing.show([note("a")]);
  ringing.answered("a");
  ringing.show([]);
  since();
  ringing.show([note("a")]);
  assert.ok(since().includes("ring on"));
});

test("rung once, an offer is silent while others go, and a new one rings once more", () => {
  const { ringing, since } = aTab({ sound: "once" });
  ringing.show([note("a"), note("b")]);
  assert.deepEqual(since(), ["badge 2", "ring once"]);
  ringing.show([note("b")]);
  assert.deepEqual(since(), ["badge 1"]);
  ringing.show([note("b"), note("c")]);
  assert.deepEqual(since(), ["badge 2", "ring once"]);
});

test("a tab that does not lead is silent until it does", () => {
  const { ringing, since, leading } = aTab({ leads: false, hidden: true });
  ringing.show([note("a")]);
  assert.deepEqual(since(), ["badge 1", "stop"]);
  leading.value = true;
  assert.deepEqual(since().sort(), ["buzz", "notify a", "ring on"]);
});

test("a closed one takes everything back", () => {
  const { ringing, since } = aTab({ hidden: true });
  ringing.show([note("a")]);
  since();
  ringing.close();
  assert.deepEqual(since(), ["stop", "badge 0", "close a"]);
  ringing.show([note("b")]);
  assert.deepEqual(since(), []);
});
