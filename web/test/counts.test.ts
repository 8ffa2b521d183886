import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Agent } from "../src/sdk/agent";
import type { QueueSummary } from "../src/sdk/types";
import { aCase, anotherEvent, settle } from "./fakes";
import { World } from "./world";

let world: World;
let agent: Agent;

const summary = (queue: string, waiting: number): QueueSummary => ({ queue, mode: "pull", waiting, paused: false, draining: false, open: true });
const shown = (): Record<string, number> => Object.fromEntries(agent.queues.map(({ queue, waiting }) => [queue, waiting]));
const answer = async (waiting: Record<string, number>): Promise<void> => {
  world.socket.accept("watch_counts", { at_ms: 1, waiting });
  await settle();
};

beforeEach(async () => {
  world = new World();
  agent = new Agent(world.client);
  await world.open({ queues: [summary("billing", 9), summary("pool", 9)] });
});

test("the summaries follow the reply and then the events", async () => {
  const heard: unknown[] = [];
  agent.on("queues", () => heard.push(shown()));
  const counts = agent.watchCounts();
  assert.equal(agent.watchCounts(), counts);
  await answer({ billing: 4, pool: 9 });
  assert.equal(counts.isLive, true);
  const [, pool] = agent.queues;
  world.socket.pushEvent(anotherEvent("queues_counted", { waiting: { billing: 5, elsewhere: 1 } }));
  assert.deepEqual(heard, [{ billing: 4, pool: 9 }, { billing: 5, pool: 9 }]);
  assert.equal(agent.queues[1], pool, "what has not changed stays the same object");
  world.socket.pushEvent(anotherEvent("queues_counted", { waiting: { billing: 5 } }));
  assert.equal(heard.length, 2);
});

test("a line that is followed knows better", async () => {
  agent.watchCounts();
  await answer({ billing: 4, pool: 0 });
  const line = agent.watchQueue("billing");
  world.socket.accept("watch_queue", { queue: "billing", mode: "pull", waiting: 1, cases: [aCase("c-5")] });
  await line.opened();
  world.socket.pushEvent(anotherEvent("queues_counted", { waiting: { billing: 4, pool: 2 } }));
  assert.deepEqual(shown(), { billing: 1, pool: 2 });
});

test("it is asked for with each connection, and no more once it has ended", async () => {
  const counts = agent.watchCounts();
  await answer({ billing: 4 });
  await world.lose();
  world.socket.welcome({ queues: [summary("billing", 7)] });
  assert.deepEqual([counts.isLive, shown()], [false, { billing: 7 }]);
  await answer({ billing: 8 });
  assert.deepEqual(shown(), { billing: 8 });
  const ending = counts.unwatch();
  world.socket.accept("unwatch_counts");
  await ending;
  assert.notEqual(agent.watchCounts(), counts);
});

test("when the agent's queues may be others it is asked again", async () => {
  agent.watchCounts();
  await answer({ billing: 4, pool: 0 });
  const renewing = agent.renew();
  await settle();
  await world.asked.at(-1)!.answer({ agent: { agent: "ana" }, offers: [], desk: [], queues: [summary("returns", 1)] });
  await renewing;
  await answer({ returns: 3 });
  assert.deepEqual(shown(), { returns: 3 });
});

test("once the line is followed no more it is asked again, for what was told meanwhile may not come twice", async () => {
  agent.watchCounts();
  await answer({ billing: 5, pool: 0 });
  const line = agent.watchQueue("billing");
  world.socket.accept("watch_queue", { queue: "billing", mode: "pull", waiting: 6, cases: [aCase("c-5")] });
  await line.opened();
  const ending = line.unwatch();
  world.socket.accept("unwatch");
  await ending;
  assert.equal(world.socket.sent("watch_counts").length, 2);
  await answer({ billing: 5, pool: 0 });
  assert.deepEqual(shown(), { billing: 5, pool: 0 });
});

test("an event that is newer than the answer counts though it was read first", async () => {
  agent.watchCounts();
  world.socket.pushEvent(anotherEvent("queues_counted", { at_ms: 1, waiting: { billing: 3 } }));
  world.socket.pushEvent(anotherEvent("queues_counted", { at_ms: 6, waiting: { billing: 6 } }));
  world.socket.accept("watch_counts", { at_ms: 5, waiting: { billing: 4, pool: 2 } });
  await settle();
  assert.deepEqual(shown(), { billing: 6, pool: 2 });
});

for (const [code, retryable] of [["UNAVAILABLE", true], ["OUTCOME_UNKNOWN", false]] as const) {
  test(`after ${code} it is asked for again after a pause`, async () => {
    const counts = agent.watchCounts();
    world.socket.refuse("watch_counts", code, { retryable });
    await settle();
    assert.deepEqual([counts.isOver, counts.isLive], [false, false]);
    world.clock.advance(5_000);
    assert.equal(world.socket.sent("watch_counts").length, 2);
    await answer({ billing: 4 });
    assert.equal(counts.isLive, true);
  });
}
