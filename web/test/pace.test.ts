import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Pace } from "../src/supervisor/floor/pace";
import { HandFrames } from "./hand-frames";

let frames: HandFrames;
let drawn: number[];
let pace: Pace;

beforeEach(() => {
  frames = new HandFrames();
  drawn = [];
  pace = new Pace(() => drawn.push(frames.now()), 33, frames);
});

test("many changes are one picture, with the next frame", () => {
  for (let each = 0; each < 100; each++) pace.ask();
  assert.deepEqual(drawn, []);
  frames.advance(100);
  assert.deepEqual(drawn, [16]);
});

test("pictures are at least so long apart, and none is lost", () => {
  pace.ask();
  frames.advance(20);
  pace.ask();
  frames.advance(100);
  assert.equal(drawn.length, 2);
  assert.ok(drawn[1]! - drawn[0]! >= 33);
});

test("what changes while it draws is drawn with the next picture", () => {
  let count = 0;
  const again = new Pace(() => void (++count < 3 && again.ask()), 33, frames);
  again.ask();
  frames.advance(500);
  assert.equal(count, 3);
});
