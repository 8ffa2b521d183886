import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseState, Event, EventType } from "../src/sdk";
import { holdings, tell } from "../src/supervisor/case/story";

const nameOf = (agent: string): string => ({ ana: "Ana", bo: "Bo" })[agent] ?? agent;
const event = (type: EventType, more: Partial<Event> = {}): Event => ({ type, seq: 0, position: "1-0", ...more });
const words = (type: EventType, more: Partial<Event> = {}): string => {
  const { what, more: rest } = tell(event(type, more), nameOf);
  return [what, ...rest].join(", ");
};

test("an offer is told with the rule that chose, and who was next", () => {
  const decision = { rule: "longest_idle", considered: ["ana", "bo"] };
  assert.equal(words("case_offered", { agent: "ana", decision }), "Offered to Ana, idle for the longest, next were Bo");
});

test("a return is told with whose it was and why, whoever wrote the reason", () => {
  assert.equal(words("case_returned", { queue: "support", agent_before: "ana", reason: "shift_end" }), "Went back to support, from Ana, the agent's shift ended");
  assert.equal(words("case_returned", { queue: "support", agent_before: "ana", reason: "needs parts" }), "Went back to support, from Ana, needs parts");
});

test("what ends a wait tells how long it was", () => {
  assert.equal(words("case_accepted", { agent: "bo", waited: { busy: 60_000, offered: 5_000 } }), "Bo accepted it, after a wait of 1 min");
});

test("a case moves between queues, or from one agent to another", () => {
  assert.equal(words("case_transferred", { queue: "billing", queue_before: "support" }), "Moved to billing, from support");
  assert.equal(words("case_transferred", { queue: "billing", agent: "bo", agent_before: "ana" }), "Bo took it over, from Ana");
});

test("an event of a newer server is told by its name, and a stranger's text cannot turn the line round", () => {
  assert.equal(words("case_levitated" as EventType), "case levitated");
  assert.equal(words("case_cancelled", { reason: "a\u202eb" }), "Cancelled, a\ufffdb");
});

const held = (state: CaseState, owner: string, at_ms: number, type: EventType = "case_updated"): Event => event(type, { state, owner, queue: "support", at_ms });

test("the bar shows whose it was, one after the other, until now", () => {
  const events = [held("waiting", "queue:support", 100), held("offered", "queue:support", 150), held("active", "agent:ana", 200), held("parked", "agent:ana", 300), held("waiting", "queue:support", 400)];
  const found = holdings(events.reverse(), 1_000).map(({ agent, sinceMs, untilMs }) => [agent, sinceMs, untilMs]);
  assert.deepEqual(found, [["", 100, 200], ["ana", 200, 400], ["", 400, 1_000]]);
});

test("the bar ends with the case, and begins again when it is opened anew", () => {
  const events = [held("active", "agent:ana", 100), held("closed", "none", 200), held("waiting", "queue:support", 500)];
  const found = holdings(events.reverse(), 600).map(({ agent, sinceMs, untilMs }) => [agent, sinceMs, untilMs]);
  assert.deepEqual(found, [["ana", 100, 200], ["", 500, 600]]);
});
