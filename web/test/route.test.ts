import assert from "node:assert/strict";
import { test } from "node:test";
import { href, parseRoute } from "../src/supervisor/route";

test("an address says the screen, what it is about and how it is shown", () => {
  assert.deepEqual(parseRoute("#/agent/ana?team=north&sort=load"), { screen: "agent", id: "ana", query: { team: "north", sort: "load" } });
  assert.deepEqual(parseRoute("#/agents"), { screen: "agents", id: "", query: {} });
});

test("what is no screen is the wallboard", () => {
  assert.deepEqual(["", "#", "#/nowhere/x", "#/constructor"].map((each) => parseRoute(each).screen), Array(4).fill("wallboard"));
});

test("any id comes back as it went in", () => {
  for (const id of ["a/b", "100%", "ü?#&", "case 7"]) assert.equal(parseRoute(href("case", id)).id, id);
});

test("a lone percent sign, typed by hand, is taken as it is", () => {
  assert.equal(parseRoute("#/case/50%").id, "50%");
});

test("what is empty is left out of the address", () => {
  assert.equal(href("agents", "", { team: "", q: "a b" }), "#/agents?q=a+b");
  assert.equal(href("wallboard"), "#/wallboard");
});
