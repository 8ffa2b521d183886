import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { effect } from "@preact/signals";
import { filled } from "../src/sdk/filled";
import { MINUTE } from "../src/sdk/types";
import type { Minute } from "../src/sdk/types";
import type { AgentOverview, Changes, OverviewChange, QueueOverview } from "../src/sdk/index";
import { Floor } from "../src/supervisor/floor/floor";
import { HandFrames } from "./hand-frames";
import { agentOverview, queueOverview } from "./overviews";

/** An overview whose changes are the test's. */
class FakeOverview {
  readonly agents = new Map<string, AgentOverview>();
  readonly queues = new Map<string, QueueOverview>();
  #tell: (change: OverviewChange) => void = () => {};

  on(_name: string, tell: (payload: never) => void): () => void {
    this.#tell = tell as (change: OverviewChange) => void;
    return () => (this.#tell = () => {});
  }

  show({ agents = [], queues = [], agents_gone = [], queues_gone = [], ...rest }: Changes): void {
    if (rest.begins) this.agents.clear();
    for (const each of agents) this.agents.set(each.agent, each);
    for (const each of queues) this.queues.set(each.queue, each);
    for (const name of agents_gone) this.agents.delete(name);
    for (const name of queues_gone) this.queues.delete(name);
    this.#tell({
      begins: rest.begins ?? false,
      agents: agents.map(({ agent }) => agent),
      queues: queues.map(({ queue }) => queue),
      agentsGone: agents_gone,
      queuesGone: queues_gone,
      minutes: [],
      alerts: [],
      health: false,
      frames: [rest],
    });
  }
}

let overview: FakeOverview;
let frames: HandFrames;
let floor: Floor;

beforeEach(() => {
  overview = new FakeOverview();
  frames = new HandFrames();
  floor = new Floor(overview as never, frames);
  overview.show({ begins: true, agents: [agentOverview("ana"), agentOverview("bo")], queues: [queueOverview("billing", { waiting: 2, oldest_at_ms: 500 })] });
  frames.advance(40);
});

test("everything is there with the first picture, and not before", () => {
  assert.deepEqual([floor.isThere.value, floor.agents.value.map(({ id }) => id), floor.queueTotals.value.waiting], [true, ["ana", "bo"], 2]);
  assert.equal(new Floor(new FakeOverview() as never, new HandFrames()).isThere.value, false);
});

test("however many changes come, each row is drawn once a picture, and only those that changed", () => {
  const drawn: string[] = [];
  for (const row of floor.agents.value) effect(() => void drawn.push(`${row.id} ${row.state.value.offers}`));
  overview.show({ agents: [agentOverview("ana", { offers: 1 })] });
  overview.show({ agents: [agentOverview("ana", { offers: 2 })] });
  assert.deepEqual(drawn, ["ana 0", "bo 0"]);
  frames.advance(40);
  assert.deepEqual(drawn, ["ana 0", "bo 0", "ana 2"]);
});

test("the list of rows is another only when somebody comes or goes, and rows stay the same objects", () => {
  const [before, ana] = [floor.agents.value, floor.agent("ana")];
  overview.show({ agents: [agentOverview("ana", { offers: 1 })] });
  frames.advance(40);
  assert.equal(floor.agents.value, before);
  overview.show({ agents: [agentOverview("cy")], agents_gone: ["bo"] });
  frames.advance(40);
  assert.deepEqual(floor.agents.value.map(({ id }) => id), ["ana", "cy"]);
  assert.equal(floor.agent("ana"), ana);
});

test("a beginning anew leaves out who is no longer there", () => {
  overview.show({ begins: true, agents: [agentOverview("bo")] });
  frames.advance(40);
  assert.deepEqual([floor.agents.value.map(({ id }) => id), floor.agentTotals.value.agents], [["bo"], 1]);
});

test("while it is paused nothing is drawn, and afterwards everything that happened", () => {
  floor.isPaused.value = true;
  overview.show({ agents: [agentOverview("ana", { offers: 1 })], agents_gone: ["bo"] });
  frames.advance(1_000);
  assert.deepEqual([floor.agent("ana")?.state.value.offers, floor.agentTotals.value.agents], [0, 2]);
  floor.isPaused.value = false;
  frames.advance(40);
  assert.deepEqual([floor.agent("ana")?.state.value.offers, floor.agentTotals.value.agents], [1, 1]);
});

test("raised hands are listed, the longest first, until they are down", () => {
  overview.show({ agents: [agentOverview("ana", { flag: { raised_at_ms: 20 } }), agentOverview("bo", { flag: { raised_at_ms: 10 } })] });
  frames.advance(40);
  assert.deepEqual(floor.flags.value.map(({ id }) => id), ["bo", "ana"]);
  overview.show({ agents: [agentOverview("bo")], agents_gone: ["ana"] });
  frames.advance(40);
  assert.deepEqual(floor.flags.value, []);
});

test("minutes are taken in with the frames, and forgotten at a beginning", () => {
  const version = floor.minutesVersion.value;
  overview.show({ figures_since_ms: 60_000, minutes: [filled<Minute>(MINUTE, { queue: "billing", at_ms: 120_000, arrived: 3 })] });
  frames.advance(40);
  assert.deepEqual([floor.minutesVersion.value, floor.minutes.sinceMs, floor.minutes.last(1, 120_500)[0]?.arrived], [version + 1, 60_000, 3]);
  overview.show({ begins: true });
  frames.advance(40);
  assert.equal(floor.minutes.last(1, 120_500)[0]?.arrived, 0);
});
