import assert from "node:assert/strict";
import { test } from "node:test";
import { Notices } from "../src/ui/notices";

const texts = (notices: Notices): string[] => notices.shown.value.map(({ text }) => text);

test("news go after eight seconds, newest first until then", () => {
  const notices = new Notices();
  notices.add("One.");
  notices.pass(4_000);
  notices.add("Two.");
  assert.deepEqual(texts(notices), ["Two.", "One."]);
  notices.pass(4_000);
  assert.deepEqual(texts(notices), ["Two."]);
  notices.pass(4_000);
  assert.deepEqual(texts(notices), []);
});

test("while they are being read they stay", () => {
  const notices = new Notices();
  notices.add("One.");
  notices.isBeingRead = () => true;
  notices.pass(60_000);
  assert.deepEqual(texts(notices), ["One."]);
  notices.isBeingRead = () => false;
  notices.pass(8_000);
  assert.deepEqual(texts(notices), []);
});

test("an error stays as long as it holds and goes at once when it does not, even while it is being read", () => {
  const notices = new Notices();
  let connected = false;
  notices.isBeingRead = () => true;
  notices.add("Not sent: there is no connection.", () => !connected);
  notices.pass(60_000);
  assert.deepEqual(texts(notices), ["Not sent: there is no connection."]);
  connected = true;
  notices.pass(200);
  assert.deepEqual(texts(notices), []);
});

test("an error that becomes a thing of the past gets its eight seconds then", () => {
  const notices = new Notices();
  let truth: boolean | null = true;
  notices.add("“Refund”: bo has it.", () => truth);
  notices.pass(60_000);
  truth = null;
  notices.pass(7_900);
  assert.equal(texts(notices).length, 1);
  notices.pass(100);
  assert.equal(texts(notices).length, 0);
});

test("three are kept, and each can be dismissed", () => {
  const notices = new Notices();
  for (const text of ["One.", "Two.", "Three.", "Four."]) notices.add(text);
  assert.deepEqual(texts(notices), ["Four.", "Three.", "Two."]);
  notices.dismiss(notices.shown.value[1]!.id);
  assert.deepEqual(texts(notices), ["Four.", "Two."]);
});
