import assert from "node:assert/strict";
import { test } from "node:test";
import { agentsCsv } from "../src/supervisor/agents/csv";
import { presenceWords, standingWords, statusWords } from "../src/supervisor/agents/columns";
import { filterOf, isFiltered, passes, queryOf, sortOf } from "../src/supervisor/agents/filter";
import { agentOverview } from "./overviews";

const ana = agentOverview("ana.k", { name: "Ana König", team: "north", queues: ["billing"], queues_by_skill: ["vip"], label: "online" });

test("an agent is found by part of its id or name, whatever the case", () => {
  for (const q of ["ANA.", "könig", " ana ", ""]) assert.ok(passes(ana, filterOf({ q })), q);
  assert.ok(!passes(ana, filterOf({ q: "bo" })));
});

test("filters hold together", () => {
  assert.ok(passes(ana, filterOf({ team: "north", queue: "vip", status: "ready" })));
  assert.ok(!passes(ana, filterOf({ team: "north", queue: "vip", status: "full" })));
  assert.ok(!passes(ana, filterOf({ queue: "returns" })));
  assert.ok(!passes(ana, filterOf({ flag: "1" })));
  assert.ok(passes({ ...ana, flag: { raised_at_ms: 1 } }, filterOf({ flag: "1" })));
});

test("a configured status is asked for by its own name", () => {
  const atLunch = agentOverview("bo", { status: "busy", label: "lunch" });
  assert.ok(passes(atLunch, filterOf({ status: "=lunch" })) && passes(atLunch, filterOf({ status: "busy" })));
  assert.ok(!passes(ana, filterOf({ status: "=lunch" })));
});

test("the address says filter and order, and leaves out what is usual", () => {
  assert.deepEqual([isFiltered(filterOf({})), isFiltered(filterOf({ sort: "load" })), isFiltered(filterOf({ flag: "1" }))], [false, false, true]);
  assert.deepEqual(sortOf({}), { column: "agent", isDescending: false });
  assert.deepEqual(queryOf({ column: "agent", isDescending: false }), { sort: "", desc: "" });
  assert.deepEqual(sortOf(queryOf({ column: "load", isDescending: true })), { column: "load", isDescending: true });
});

test("the file has a line for each agent, and what looks like a formula is none", () => {
  const evil = agentOverview("bo", { name: '=HYPERLINK("x","y")', team: "a,b", status_at_ms: 0 });
  const [head, first, second, end] = agentsCsv([ana, evil]).split("\r\n");
  assert.ok(head?.startsWith("agent,name,team,status"));
  assert.ok(first?.startsWith("ana.k,Ana König,north,online,online,ready,,connected,4"));
  assert.ok(first?.includes("billing vip"));
  assert.ok(second?.startsWith(`bo,"'=HYPERLINK(""x"",""y"")","a,b",online,online,ready,1970-01-01T00:00:00.000Z`));
  assert.equal(end, "");
});

test("a status is told in the words of the filter, and a connection is missed only of who is at work", () => {
  const words = (state: Parameters<typeof agentOverview>[1]): string[] => [standingWords(agentOverview("bo", state)), presenceWords(agentOverview("bo", state))];
  assert.deepEqual(words({ label: "online" }), ["Ready", "Connected"]);
  assert.deepEqual(words({ label: "online", presence: "gone" }), ["Connection lost", "Connection lost"]);
  assert.deepEqual(words({ status: "offline", label: "offline", presence: "gone" }), ["Offline", "Not connected"]);
  assert.deepEqual(words({ status: "busy", label: "lunch" }), ["lunch", "Connected"]);
  assert.equal(standingWords(agentOverview("bo", { label: "online", next_status: "offline" })), statusWords(agentOverview("bo", { label: "online", next_status: "offline" })));
});
