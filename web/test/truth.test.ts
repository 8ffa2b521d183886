import assert from "node:assert/strict";
import { test } from "node:test";
import { truthOf } from "../src/agent/truth";
import type { Known } from "../src/agent/truth";
import type { ConnectionState } from "../src/sdk/connection";
import { CommandRefused, NotSent, OutcomeUnknown } from "../src/sdk/errors";
import type { AgentState, Case, CaseBrief } from "../src/sdk/types";
import { aCase, anAgent } from "./fakes";

const mine = aCase("c-1", { state: "active", agent: "ana", owner: "agent:ana", revision: 3 });

/** What a page knows; the test changes it, as events would. */
class World implements Known {
  state: ConnectionState = "connected";
  me: AgentState = anAgent();
  desk: readonly Case[];

  constructor(desk: readonly Case[]) {
    this.desk = desk;
  }

  find(id: string): Case | undefined {
    return this.desk.find((one) => one.case === id);
  }
}

const refused = (code: string, revision: number): CommandRefused =>
  new CommandRefused({ code, detail: "no", retryable: false, current: { case: "c-1", revision } as CaseBrief });

test("what was not sent is said until there is a connection", () => {
  const world = new World([]);
  world.state = "connecting";
  const truth = truthOf(new NotSent(), mine, world);
  assert.equal(truth(), true);
  world.state = "connected";
  assert.equal(truth(), false);
});

test("a refusal holds as long as its case is as it was", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("UNKNOWN_QUEUE", 3), mine, world);
  assert.equal(truth(), true);
  world.desk = [{ ...mine, revision: 4 }];
  assert.equal(truth(), false);
});

test("a refusal goes with its case", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("UNKNOWN_QUEUE", 3), mine, world);
  world.desk = [];
  assert.equal(truth(), false);
});

test("who came too late may read who has it after the case has left the line", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("TAKEN", 4), mine, world);
  assert.equal(truth(), true);
  world.desk = [];
  assert.equal(truth(), null);
});

test("no room is said until there is some", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("NO_ROOM", 3), mine, world);
  assert.equal(truth(), true);
  world.me = anAgent({ held_interruptible: 1 });
  assert.equal(truth(), false);
});

test("no room while an offer rings is said until that is answered, also when it fills the room then", () => {
  const world = new World([mine]);
  world.me = anAgent({ offers: 1, held_interruptible: 3 });
  const truth = truthOf(refused("NO_ROOM", 3), mine, world);
  assert.equal(truth(), true);
  world.me = anAgent({ offers: 0, held_interruptible: 3 });
  assert.equal(truth(), false);
});

test("what is not about a case, or not known, is news", () => {
  const world = new World([mine]);
  assert.equal(truthOf(refused("UNKNOWN_AGENT", 3), undefined, world)(), null);
  assert.equal(truthOf(new OutcomeUnknown(), mine, world)(), null);
});
