import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { foldLong } from "../src/agent/folding";
import type { Offer } from "../src/sdk/index";
import type { Work } from "../src/agent/work";

const offer = (id: string, leftS: number): Offer => ({ case: { case: id, baton: 1 }, remainingMs: () => leftS * 1_000 }) as unknown as Offer;

function work(...offers: Offer[]): Pick<Work, "agent" | "folded"> & { agent: { offers: Offer[] } } {
  return { agent: { offers } as unknown as Work["agent"] & { offers: Offer[] }, folded: signal<ReadonlyMap<string, boolean>>(new Map()) };
}

test("what rings for more than five minutes stands aside, what is soon over does not", () => {
  const { agent, folded } = work(offer("long", 301), offer("soon", 300));
  foldLong({ agent, folded });
  assert.deepEqual([...folded.value], [["long 1", true]]);
});

test("what has been folded stays so to its end, and is forgotten then", () => {
  const here = work(offer("long", 301));
  foldLong(here);
  here.agent.offers = [offer("long", 20)];
  foldLong(here);
  assert.deepEqual([...here.folded.value], [["long 1", true]]);
  here.agent.offers = [];
  foldLong(here);
  assert.equal(here.folded.value.size, 0);
});

test("what was unfolded by hand stays so while it has less than five minutes left", () => {
  const here = work(offer("second", 20));
  here.folded.value = new Map([["second 1", false]]);
  foldLong(here);
  assert.deepEqual([...here.folded.value], [["second 1", false]]);
});
