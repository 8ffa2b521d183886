import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, bySoonest } from "../src/agent/answers";
import { keysOf } from "../src/agent/keyboard";
import { firstNeedsSaying } from "../src/agent/ringing";
import type { Work } from "../src/agent/work";
import { CommandRefused } from "../src/sdk/index";
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
  const key = keysOf({} as Work, doings, page as unknown as Document).all.find(({ name }) => name === "accept")!;
  key.run({} as KeyboardEvent);
  isBusy = true;
  assert.notEqual(key.run({} as KeyboardEvent), false);
  assert.deepEqual(pressed, ["first"]);
});

/** A page that notes what it shows and what it complains of; in it `me` is ana. */
function aPage(): { work: Work; shown: unknown[]; complaints: unknown[] } {
  const [shown, complaints]: [unknown[], unknown[]] = [[], []];
  const attempt = (command: Promise<unknown>): Promise<boolean> => command.then(() => true, (error) => (complaints.push(error), false));
  const work = { alerts: { value: null }, attempt, choice: { show: (one: unknown) => shown.push(one) }, reader: { me: "ana" } };
  Object.assign(globalThis, { document: { querySelector: () => null } }); // no dialog is open
  return { work: work as unknown as Work, shown, complaints };
}

test("two presses at once are one answer, whichever buttons they were", async () => {
  const { work, shown } = aPage();
  const asked: ((owned: object) => void)[] = [];
  const ringing = { ...offer("call", 0), accept: () => new Promise((resolve) => asked.push(resolve)) } as unknown as Offer;
  const both = [accept(work, ringing), accept(work, { ...ringing } as Offer)];
  assert.equal(asked.length, 1);
  asked[0]?.({ case: "call" });
  assert.deepEqual(await Promise.all(both), [true, true]);
  assert.equal(shown.length, 1);
});

test("that an offer was accepted in another tab is no complaint; that somebody else has it is one", async () => {
  const { work, complaints } = aPage();
  const refusedWith = (current: object): Offer =>
    ({ ...offer("call", 0), accept: () => Promise.reject(new CommandRefused({ code: "STALE_BATON", detail: "", retryable: false, current } as never)) }) as unknown as Offer;
  assert.equal(await accept(work, refusedWith({ state: "active", owner: "agent:ana" })), true);
  assert.deepEqual(complaints, []);
  assert.equal(await accept(work, refusedWith({ state: "active", owner: "agent:bo" })), false);
  assert.equal(complaints.length, 1);
});

test("which offer stands first is said when a new one stands behind it, or when it has come to the front", () => {
  const [one, other] = [offer("one", 1), offer("other", 2)];
  assert.equal(firstNeedsSaying([], [one]), false); // read out as new
  assert.equal(firstNeedsSaying([other], [one, other]), false);
  assert.equal(firstNeedsSaying([one], [one, other]), true);
  assert.equal(firstNeedsSaying([one, other], [other]), true);
  assert.equal(firstNeedsSaying([one, other], [one]), false);
  assert.equal(firstNeedsSaying([one], []), false);
});
