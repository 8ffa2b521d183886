import assert from "node:assert/strict";
import { test } from "node:test";
import { Tokens } from "../src/sdk/tokens";

test("a token is used until it is refused, and then another is asked for", async () => {
  const asked = ["t-2", "t-3"];
  const tokens = new Tokens("t-1", async () => asked.shift() ?? null);
  assert.deepEqual([tokens.current, await tokens.get()], ["t-1", "t-1"]);
  tokens.refuse("t-1");
  assert.deepEqual([tokens.current, await tokens.get(), tokens.current], [null, "t-2", "t-2"]);
});

test("two who need a token at once ask once", async () => {
  let asked = 0;
  const tokens = new Tokens(undefined, async () => `t-${(asked += 1)}`);
  assert.deepEqual([await Promise.all([tokens.get(), tokens.get()]), asked], [["t-1", "t-1"], 1]);
});

test("a late refusal of the token before takes nothing from the present one", async () => {
  const tokens = new Tokens("t-1");
  tokens.current = "t-2";
  tokens.refuse("t-1");
  assert.equal(await tokens.get(), "t-2");
});

test("one that cannot be had is asked for again, and without anybody to ask there is none", async () => {
  const answers = [Promise.reject(new Error("offline")), Promise.resolve("t-1")];
  const tokens = new Tokens(undefined, () => answers.shift()!);
  await assert.rejects(tokens.get(), /offline/);
  assert.equal(await tokens.get(), "t-1");
  const only = new Tokens("t-1");
  only.refuse("t-1");
  assert.equal(await only.get(), null);
});
