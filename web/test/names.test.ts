import assert from "node:assert/strict";
import { test } from "node:test";
import { Names } from "../src/agent/names";
import { NotSent } from "../src/sdk/errors";
import type { Named } from "../src/sdk/index";

/** Answers with the names that it has; counts how often it was asked, and for whom. */
class Directory {
  readonly asked: string[][] = [];
  isThere = true;
  readonly #names: Record<string, string>;

  constructor(names: Record<string, string>) {
    this.#names = names;
  }

  async names(ids: readonly string[]): Promise<Map<string, Named>> {
    this.asked.push([...ids]);
    if (!this.isThere) throw new NotSent("no connection");
    return new Map(ids.filter((id) => id in this.#names).map((id) => [id, { agent: id, name: this.#names[id]!, team: "" }]));
  }
}

test("those who are named at once are asked for at once, and once", async () => {
  const directory = new Directory({ bo: "Bo Berg", cy: "Cy Dahl" });
  const names = new Names(directory);
  assert.equal(names.of("bo"), "bo");
  assert.equal(names.of("cy"), "cy");
  await names.learn(["bo"]);
  assert.deepEqual(directory.asked, [["bo", "cy"]]);
  assert.equal(names.of("bo"), "Bo Berg");
  await names.learn(["bo", "cy"]);
  assert.equal(directory.asked.length, 1);
});

test("who is not there keeps the id, and is not asked for again", async () => {
  const directory = new Directory({});
  const names = new Names(directory);
  await names.learn(["gone"]);
  await names.learn(["gone"]);
  assert.equal(names.of("gone"), "gone");
  assert.equal(directory.asked.length, 1);
});

test("a name that could not be had is asked for when it is wanted again", async () => {
  const directory = new Directory({ bo: "Bo Berg" });
  const names = new Names(directory);
  directory.isThere = false;
  await names.learn(["bo"]);
  assert.equal(names.peek("bo"), "bo");
  directory.isThere = true;
  await names.learn(["bo"]);
  assert.equal(names.peek("bo"), "Bo Berg");
});
