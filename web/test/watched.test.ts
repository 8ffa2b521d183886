import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Supervisor } from "../src/sdk/supervisor";
import type { WatchedAgent } from "../src/sdk/watched";
import { aCase, anAgent, anEvent, anotherEvent, settle } from "./fakes";
import { World } from "./world";

let world: World;
let bo: WatchedAgent;
let changes: (string | undefined)[];

const owned = aCase("c-1", { state: "active", agent: "bo" });
const snapshot = { agent: anAgent({ agent: "bo" }), offers: [], desk: [owned], queues: [], statuses: [] };

beforeEach(async () => {
  world = new World();
  await world.open({}, { role: "supervisor" });
  bo = new Supervisor(world.client).watchAgent("bo");
  changes = [];
  bo.on("change", ({ event }) => changes.push(event?.type));
});

const begin = async (): Promise<void> => (world.socket.accept("watch_agent", snapshot, "200-0"), settle());

test("a watched agent is shown with its desk, and follows its events", async () => {
  assert.deepEqual([bo.state, bo.desk.size, bo.isLive], [null, 0, false]);
  const opened = bo.opened();
  await begin();
  assert.equal(await opened, bo);
  assert.deepEqual([bo.state?.agent, [...bo.desk.keys()], new Supervisor(world.client).watchAgent("bo") === bo], ["bo", ["c-1"], true]);
  world.socket.pushEvent(anEvent("case_offered", "c-2", { state: "offered", agent: "bo", position: "201-0" }));
  world.socket.pushEvent(anotherEvent("agent_presence_changed", { agent: "bo", presence: "grace", position: "202-0" }));
  assert.deepEqual([[...bo.offers.keys()], bo.state?.presence], [["c-2"], "grace"]);
  assert.deepEqual(changes, [undefined, "case_offered", "agent_presence_changed"]);
});

test("what concerns others, or is in the snapshot already, changes nothing", async () => {
  await begin();
  world.socket.pushEvent(anEvent("case_offered", "c-2", { state: "offered", agent: "ana", position: "201-0" }));
  world.socket.pushEvent(anEvent("case_closed", "c-1", { state: "closed", agent_before: "bo", position: "200-0" }));
  assert.deepEqual([changes, bo.desk.size], [[undefined], 1]);
});

test("after a loss it shows what it knew until the snapshot has come again", async () => {
  await begin();
  await world.lose();
  assert.deepEqual([bo.isLive, bo.desk.size], [false, 1]);
  world.socket.welcome({}, { role: "supervisor" });
  world.socket.accept("watch_agent", { ...snapshot, desk: [] }, "300-0");
  await settle();
  assert.deepEqual([bo.isLive, bo.desk.size], [true, 0]);
});

for (const type of ["agent_removed", "agent_unwatched"] as const) {
  test(`after ${type} there is nothing to watch any more`, async () => {
    await begin();
    const overs: unknown[] = [];
    bo.on("over", (failure) => overs.push(failure));
    world.socket.pushEvent(anotherEvent(type, { agent: "bo", position: "201-0" }));
    assert.deepEqual([bo.isOver, bo.isGone, overs], [true, true, [null]]);
    assert.notEqual(new Supervisor(world.client).watchAgent("bo"), bo);
  });
}

test("unwatching says so to the server", async () => {
  await begin();
  const ended = bo.unwatch();
  assert.equal(world.socket.sent("unwatch_agent")[0]?.["agent"], "bo");
  world.socket.accept("unwatch_agent");
  await ended;
  assert.deepEqual([bo.isOver, bo.isGone], [true, false]);
});
