import assert from "node:assert/strict";
import { test } from "node:test";
import { says, wordsOf } from "../src/agent/find";
import { type Answer, Search } from "../src/agent/search/search";
import type { Case } from "../src/sdk/types";
import { HandClock, settle } from "./fakes";

const a = (id: string, subject: string, more: Partial<Case> = {}): Case => ({ case: id, queue: "support", channel: "case", card: { subject }, ...more }) as Case;
const ids = (search: Search): string[] => search.found.value.map((one) => one.case);

class Desk {
  readonly clock = new HandClock();
  readonly asked: { text: string; answer: (answer: Answer) => Promise<void>; fail: (error: Error) => Promise<void> }[] = [];
  loaded: Case[] = [];
  readonly search = new Search({
    loaded: () => this.loaded,
    ask: (text) =>
      new Promise((resolve, reject) => {
        this.asked.push({ text, answer: (answer) => (resolve(answer), settle()), fail: (error) => (reject(error), settle()) });
      }),
    after: (ms, action) => this.clock.after(ms, action),
  });

  async look(text: string): Promise<void> {
    this.search.look(text);
    this.clock.advance(200);
    await settle();
  }
}

test("a case says what stands on its card, its queue, its channel and its id, in whatever letters", () => {
  const one = a("C-7", "Printer on fire", { card: { subject: "Printer on fire", customer: "Zoë", place: "1 Main St" } });
  for (const text of ["printer", "FIRE print", "zoë", "main", "c-7", "support case"]) assert.ok(says(one, wordsOf(text)), text);
  assert.ok(!says(one, wordsOf("printer water")));
});

test("what the page has is found at once, and the server is asked once the typing rests", async () => {
  const desk = new Desk();
  desk.loaded = [a("c-1", "Printer"), a("c-2", "Phone")];
  desk.search.look("pri");
  desk.search.look("prin");
  assert.deepEqual(ids(desk.search), ["c-1"]);
  assert.equal(desk.asked.length, 0);
  desk.clock.advance(200);
  await settle();
  assert.deepEqual(desk.asked.map(({ text }) => text), ["prin"]);
  await desk.asked[0]!.answer({ items: [a("c-9", "Old printer")], more: true });
  assert.deepEqual(ids(desk.search), ["c-1", "c-9"]);
  assert.deepEqual([desk.search.state.value, desk.search.hasMore.value], ["done", true]);
});

test("a case that the page has is shown as the page has it, and once", async () => {
  const desk = new Desk();
  desk.loaded = [a("c-1", "Printer", { revision: 5 }), a("c-1", "Printer", { revision: 5 })];
  await desk.look("printer");
  await desk.asked[0]!.answer({ items: [a("c-1", "Printer", { revision: 4 })] });
  assert.deepEqual(desk.search.found.value.map(({ revision }) => revision), [5]);
});

test("an answer to an earlier question is not shown", async () => {
  const desk = new Desk();
  await desk.look("printer");
  await desk.look("phone");
  await desk.asked[1]!.answer({ items: [a("c-2", "Phone")] });
  await desk.asked[0]!.answer({ items: [a("c-1", "Printer")] });
  assert.deepEqual(ids(desk.search), ["c-2"]);
});

test("a question that fails leaves what the page has, and can be asked again", async () => {
  const desk = new Desk();
  desk.loaded = [a("c-1", "Printer")];
  await desk.look("printer");
  await desk.asked[0]!.fail(new Error("no connection"));
  assert.deepEqual([desk.search.state.value, ids(desk.search)], ["failed", ["c-1"]]);
  desk.search.retry();
  desk.clock.advance(200);
  await settle();
  await desk.asked[1]!.answer({ items: [] });
  assert.equal(desk.search.state.value, "done");
});

test("nothing looked for is nothing asked, and a question under way is forgotten", async () => {
  const desk = new Desk();
  desk.loaded = [a("c-1", "Printer")];
  desk.search.look("printer");
  desk.search.look("  ");
  desk.clock.advance(200);
  await settle();
  assert.deepEqual([desk.search.state.value, ids(desk.search), desk.asked.length], ["idle", [], 0]);
});
