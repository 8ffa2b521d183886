import assert from "node:assert/strict";
import { test } from "node:test";
import { Choice } from "../src/agent/choice";
import type { OwnedCase } from "../src/sdk/index";
import { aCase } from "./fakes";

const owned = (id: string): OwnedCase => ({ case: aCase(id) }) as OwnedCase;
const [first, second, third] = [owned("c-1"), owned("c-2"), owned("c-3")];

function onDesk(...desk: OwnedCase[]): Choice {
  const choice = new Choice();
  choice.follow(desk);
  return choice;
}

test("the first case to come is shown, and later ones do not push it away", () => {
  const choice = onDesk(first);
  assert.equal(choice.shown.value, first);
  choice.follow([second, first]);
  assert.equal(choice.shown.value, first);
});

test("when the shown case leaves, the one that took its place is shown", () => {
  const choice = onDesk(first, second, third);
  choice.show(second);
  choice.follow([first, third]);
  assert.equal(choice.shown.value, third);
  choice.follow([first]);
  assert.equal(choice.shown.value, first);
  choice.follow([]);
  assert.equal(choice.shown.value, null);
});

test("where there is room for one thing, the lists come back when the case has left", () => {
  const choice = onDesk(first);
  choice.show(first);
  assert.equal(choice.isOpen.value, true);
  choice.follow([second]);
  assert.equal(choice.isOpen.value, false);
});

test("a queue that is looked at stays when a case leaves the desk", () => {
  const choice = onDesk(first);
  choice.go({ kind: "queue", queue: "pool" });
  choice.follow([]);
  assert.deepEqual(choice.view.value, { kind: "queue", queue: "pool" });
  assert.equal(choice.isOpen.value, true);
});

test("moving goes through the desk and not beyond", () => {
  const choice = onDesk(first, second);
  assert.equal(choice.move(1), true);
  assert.equal(choice.shown.value, second);
  assert.equal(choice.move(1), false);
  assert.equal(choice.move(-1), true);
  assert.equal(choice.move(-1), false);
});

test("a case is looked at by its id, on the desk or elsewhere", () => {
  const choice = onDesk(first, second);
  choice.look("c-2");
  assert.equal(choice.shown.value, second);
  choice.look("c-9");
  assert.deepEqual(choice.view.value, { kind: "other", case: "c-9" });
});

test("leaving says whether there was anything to leave", () => {
  const choice = onDesk(first);
  assert.equal(choice.leave(), false);
  choice.go({ kind: "day" });
  assert.equal(choice.leave(), true);
  assert.deepEqual(choice.view.value, { kind: "case" });
});

test("from a case that was found one goes back to the search, and from there to the lists", () => {
  const choice = onDesk(first);
  choice.go({ kind: "search" });
  choice.look("c-9");
  assert.equal(choice.leave(), true);
  assert.deepEqual(choice.view.value, { kind: "search" });
  assert.equal(choice.isOpen.value, true);
  choice.leave();
  assert.deepEqual(choice.view.value, { kind: "case" });
});

test("a case that was not found by searching is left for the lists", () => {
  const choice = onDesk(first);
  choice.go({ kind: "search" });
  choice.look("c-9");
  choice.leave();
  choice.leave();
  choice.look("c-9");
  choice.leave();
  assert.deepEqual(choice.view.value, { kind: "case" });
});
