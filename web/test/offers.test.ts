import assert from "node:assert/strict";
import { test } from "node:test";
import { bySoonest } from "../src/agent/answers";
import { keysOf } from "../src/agent/keyboard";
import type { Work } from "../src/agent/work";
import type { Offer } from "../src/sdk/index";

const offer = (id: string, deadlineAtMs: number): Offer => ({ case: { case: id }, deadlineAtMs }) as Offer;
const named = (offers: readonly Offer[]): string[] => offers.map(({ case: one }) => one.case);

test("what ends soonest stands first, whenever it came; what does not end stands last", () => {
  const newestFirst = [offer("chat", 5_000), offer("endless", 0), offer("call", 2_000), offer("appointment", 14_400_000)];
  assert.deepEqual(named(bySoonest(newestFirst)), ["call", "chat", "appointment", "endless"]);
  assert.deepEqual(named(newestFirst), ["chat", "endless", "call", "appointment"]);
});

test("of offers that end at once the one that came first stands first", () => {
  assert.deepEqual(named(bySoonest([offer("second", 9), offer("first", 9)])), ["first", "second"]);
});

test("the key accepts the offer that stands first, and none behind it while that is being answered", () => {
  const pressed: string[] = [];
  let isBusy = false;
  const card = (name: string): object => ({ querySelector: () => (isBusy && name === "first" ? null : { click: () => void pressed.push(name) }) });
  // A page of two offers, of which it finds the first; a button within the page would be the second one's.
  const page = { querySelector: (selector: string) => (selector === '[data-testid="offer"]' ? card("first") : { click: () => void pressed.push("second") }) };
  const doings = { search: () => {}, help: () => {}, close: () => false, status: () => false };
  const accept = keysOf({} as Work, doings, page as unknown as Document).all.find(({ name }) => name === "accept")!;
  accept.run({} as KeyboardEvent);
  isBusy = true;
  assert.notEqual(accept.run({} as KeyboardEvent), false);
  assert.deepEqual(pressed, ["first"]);
});
