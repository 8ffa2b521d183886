import assert from "node:assert/strict";
import { test } from "node:test";
import { Ranked } from "../src/sdk/ranked";
import { aCase } from "./fakes";

const ids = (ranked: Ranked): string[] => ranked.cases.map((one) => one.case);

function of(...ranks: [string, number][]): Ranked {
  const ranked = new Ranked();
  for (const [id, score] of ranks) ranked.put(aCase(id, { score }));
  return ranked;
}

test("cases stand by score, then by id", () => {
  assert.deepEqual(ids(of(["b", 10], ["d", 20], ["a", 20], ["c", 10], ["z", 5], ["y", 99])), ["z", "b", "c", "a", "d", "y"]);
});

test("a case that is put again stands where it belongs now, once", () => {
  const ranked = of(["a", 10], ["b", 20], ["c", 30]);
  ranked.put(aCase("a", { score: 25 }));
  assert.deepEqual(ids(ranked), ["b", "a", "c"]);
  assert.deepEqual([ranked.indexOf("a"), ranked.get("a")?.score], [1, 25]);
});

test("a case that leaves is gone, and one that was not there changes nothing", () => {
  const ranked = of(["a", 10], ["b", 20]);
  assert.deepEqual([ranked.drop("a"), ranked.drop("x")], [true, false]);
  assert.deepEqual([ids(ranked), ranked.indexOf("a")], [["b"], -1]);
});

test("any order of changes ends as a sorted list would", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
  const [ranked, model] = [new Ranked(), new Map<string, number>()];
  for (let n = 0; n < 2_000; n += 1) {
    const [id, score] = [`c-${random(300)}`, random(50)];
    if (random(3) === 0) assert.equal(ranked.drop(id), model.delete(id));
    else ranked.put(aCase(id, { score })), model.set(id, score);
  }
  const sorted = [...model].sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1)).map(([id]) => id);
  assert.deepEqual(ids(ranked), sorted);
  for (const [index, id] of sorted.entries()) assert.equal(ranked.indexOf(id), index);
});
