import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionState } from "../src/sdk/connection";
import type { View } from "../src/page/view";
import { CommandRefused, NotSent, OutcomeUnknown } from "../src/sdk/errors";
import type { AgentState, Case, CaseBrief } from "../src/sdk/types";
import { truthOf } from "../src/page/truth";
import { aCase, aView, anAgent } from "./fakes";

const mine = aCase("c-1", { state: "active", agent: "ana", owner: "agent:ana", revision: 3 });

/** A view that the test changes, as events would. */
class World {
  view: View;
  state: ConnectionState = "connected";

  constructor(desk: Case[]) {
    this.view = World.showing(desk);
  }

  static showing(desk: Case[], agent: Partial<AgentState> = {}): View {
    return aView({ agent: anAgent(agent), offers: [], desk });
  }

  readonly now = (): World => this;
}

const refused = (code: string, revision: number): CommandRefused =>
  new CommandRefused({ code, detail: "no", retryable: false, current: { case: "c-1", revision } as CaseBrief });

test("what was not sent is said until there is a connection", () => {
  const world = new World([]);
  world.state = "connecting";
  const truth = truthOf(new NotSent(), mine, world.now);
  assert.equal(truth(), true);
  world.state = "connected";
  assert.equal(truth(), false);
});

test("a refusal holds as long as its case is as it was", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("UNKNOWN_QUEUE", 3), mine, world.now);
  assert.equal(truth(), true);
  world.view = World.showing([{ ...mine, revision: 4 }]);
  assert.equal(truth(), false);
});

test("a refusal goes with its case", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("UNKNOWN_QUEUE", 3), mine, world.now);
  world.view = World.showing([]);
  assert.equal(truth(), false);
});

test("who came too late may read who has it after the case has left the line", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("TAKEN", 4), mine, world.now);
  assert.equal(truth(), true);
  world.view = World.showing([]);
  assert.equal(truth(), null);
});

test("no room is said until there is some", () => {
  const world = new World([mine]);
  const truth = truthOf(refused("NO_ROOM", 3), mine, world.now);
  assert.equal(truth(), true);
  world.view = World.showing([mine], { held_interruptible: 1 });
  assert.equal(truth(), false);
});

test("what is not about a case, or not known, is news", () => {
  const world = new World([mine]);
  assert.equal(truthOf(refused("UNKNOWN_AGENT", 3), undefined, world.now)(), null);
  assert.equal(truthOf(new OutcomeUnknown(), mine, world.now)(), null);
});
