import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseDetail, CaseState, Why } from "../src/sdk";
import { agentWords, chosenWords, ownerWords } from "../src/supervisor/case/whose";
import { sentence } from "../src/supervisor/case/why";

const nameOf = (agent: string): string => ({ ana: "Ana" })[agent] ?? agent;
const of = (state: CaseState, owner: string): CaseDetail => ({ case: "c-1", state, owner, agent: "ana" }) as CaseDetail;
const said = (one: CaseDetail): string => sentence({ case: one, reason: one.state, counts: {} } as unknown as Why, nameOf);

test("a case that rings is the queue's until it is accepted", () => {
  assert.equal(said(of("offered", "queue:billing")), "Ringing at Ana; until it is accepted it is the queue billing's.");
  assert.equal(agentWords(of("offered", "queue:billing"), "Ana"), "rings at Ana");
  assert.equal(ownerWords(of("offered", "queue:billing"), nameOf), "the queue billing");
});

test("one that was accepted is the agent's, and one that has ended was", () => {
  assert.match(said(of("active", "agent:ana")), /: it is with Ana\.$/);
  assert.deepEqual([of("active", "agent:ana"), of("closed", "agent:ana")].map((one) => agentWords(one, "Ana")), ["with Ana", "was with Ana"]);
  assert.equal(ownerWords(of("active", "agent:ana"), nameOf), "Ana");
});

test("an offer asks; who takes a case, or is given one, gets it", () => {
  const events = ["case_offered", "transfer_offered", "case_taken", "case_assigned"];
  assert.deepEqual(events.map((event) => chosenWords({ event, agent: "ana" }, nameOf)), ["Ana was asked", "Ana was asked", "Ana got it", "Ana got it"]);
});
