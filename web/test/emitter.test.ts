import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../src/sdk/emitter";

test("what one listener throws is reported, and harms no other", (t) => {
  const reported = t.mock.method(console, "error", () => {});
  const emitter = new Emitter<{ news: number }>();
  const heard: number[] = [];
  const trouble = new Error("mine");
  emitter.on("news", () => {
    throw trouble;
  });
  emitter.on("news", (news) => heard.push(news));
  emitter.emit("news", 1);
  assert.deepEqual(heard, [1]);
  assert.deepEqual(reported.mock.calls[0]?.arguments, [trouble]);
});

test("a subscription ends with the function that it gave", () => {
  const emitter = new Emitter<{ news: number }>();
  const heard: number[] = [];
  const stop = emitter.on("news", (news) => heard.push(news));
  emitter.emit("news", 1);
  stop();
  emitter.emit("news", 2);
  assert.deepEqual(heard, [1]);
});
