import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { isOn, levelOf } from "../src/sdk/board";
import type { Overview, OverviewChange } from "../src/sdk/overview";
import { Supervisor } from "../src/sdk/supervisor";
import { settle } from "./fakes";
import { World } from "./world";

let world: World;
let overview: Overview;
let changes: OverviewChange[];

const show = (frame: object): void => world.socket.pushEvent({ type: "workspace_changed", position: "200-0", changes: frame });
const agent = (name: string, change: object = {}): object => ({ agent: name, name, team: "north", status: "online", ...change });

beforeEach(async () => {
  world = new World();
  await world.open({}, { role: "supervisor" });
  overview = new Supervisor(world.client).watchWorkspace();
  changes = [];
  overview.on("change", (change) => changes.push(change));
  world.socket.accept("watch_workspace", { agents: 2, queues: 1 });
  await settle();
});

test("a beginning is shown when all of it has come, with what the server left out", () => {
  show({ begins: true, more: true, queues: [{ queue: "billing", mode: "pull", waiting: 3 }], agents: [agent("ana")] });
  assert.deepEqual([overview.isLive, overview.agents.size, changes], [false, 0, []]);
  show({ agents: [agent("bo", { offers: 1 })] });
  assert.deepEqual([overview.isLive, [...overview.agents.keys()]], [true, ["ana", "bo"]]);
  const { queues, agents } = overview;
  assert.deepEqual([queues.get("billing")?.open, queues.get("billing")?.waiting, queues.get("billing")?.offered], [true, 3, 0]);
  assert.deepEqual([agents.get("ana")?.offers, agents.get("bo")?.offers, agents.get("ana")?.queues], [0, 1, []]);
  assert.deepEqual(changes.map(({ begins, agents, queues }) => [begins, agents, queues]), [[true, ["ana", "bo"], ["billing"]]]);
});

test("a change names what changed and what went; other rows stay the same objects", () => {
  show({ begins: true, agents: [agent("ana"), agent("bo"), agent("cy")] });
  const bo = overview.agents.get("bo");
  show({ agents: [agent("ana", { active: 2 })], agents_gone: ["cy"], queues_gone: ["old"] });
  assert.deepEqual([overview.agents.get("ana")?.active, overview.agents.get("bo") === bo, overview.agents.has("cy")], [2, true, false]);
  const { begins, agents, agentsGone, queuesGone } = changes[1]!;
  assert.deepEqual([begins, agents, agentsGone, queuesGone], [false, ["ana"], ["cy"], ["old"]]);
});

test("what this version does not know is handed on with the frames", () => {
  show({ begins: true, more: true, minutes: [1] });
  show({ health: { nodes: 2 } });
  assert.deepEqual(changes[0]?.frames, [{ begins: true, more: true, minutes: [1] }, { health: { nodes: 2 } }]);
});

test("after a loss it shows what it knew until everything has come again", async () => {
  const opened = overview.opened();
  show({ begins: true, agents: [agent("ana")] });
  assert.equal(await opened, overview);
  await world.lose();
  assert.deepEqual([overview.isLive, overview.agents.size], [false, 1]);
  world.socket.welcome({}, { role: "supervisor" });
  assert.equal(world.socket.sent("watch_workspace").length, 1);
  show({ begins: true, more: true, agents: [agent("bo")] });
  assert.deepEqual([overview.isLive, [...overview.agents.keys()]], [false, ["ana"]]);
  show({ agents: [agent("cy")] });
  assert.deepEqual([overview.isLive, [...overview.agents.keys()]], [true, ["bo", "cy"]]);
});

test("a beginning that was cut off by a loss leaves nothing behind", async () => {
  show({ begins: true, more: true, agents: [agent("ana")] });
  await world.lose();
  world.socket.welcome({}, { role: "supervisor" });
  show({ agents: [agent("late")] }); // before a beginning there is nothing to change
  assert.deepEqual([overview.isLive, overview.agents.size], [false, 0]);
  show({ begins: true, agents: [agent("bo")] });
  assert.deepEqual([...overview.agents.keys()], ["bo"]);
});

test("an overview that is refused or unwatched is over, and the next one is another", async () => {
  const unwatched = overview.unwatch();
  world.socket.accept("unwatch_workspace");
  await unwatched;
  assert.equal(overview.isOver, true);
  const next = new Supervisor(world.client).watchWorkspace();
  assert.notEqual(next, overview);
  assert.equal(new Supervisor(world.client).watchWorkspace(), next);
  const opened = next.opened();
  world.socket.refuse("watch_workspace", "FORBIDDEN");
  await assert.rejects(opened, /no/);
  assert.equal(next.failure?.code, "FORBIDDEN");
});

test("figures, alerts and health are kept as they are now, and what changed of them is told", () => {
  show({ begins: true, figures_since_ms: 60_000, minutes: [{ queue: "billing", at_ms: 60_000, arrived: 2 }], health: { nodes: [], servers: [] } });
  show({ minutes: [{ queue: "billing", at_ms: 60_000, arrived: 2, owned: 2, in_time: 1 }, { queue: "billing", at_ms: 120_000 }] });
  show({ alerts: [{ id: "a", type: "threshold_crossed", at_ms: 5, alert: "crowd" }] });
  assert.deepEqual([overview.figuresSinceMs, overview.minutes.get("billing")?.get(60_000)?.owned, overview.health?.nodes], [60_000, 2, []]);
  assert.deepEqual([overview.minutes.get("billing")?.get(120_000)?.waiting, levelOf(overview.minutes.get("billing")!.values())], [0, 0.5]);
  assert.deepEqual(changes.map((change) => [change.minutes, change.alerts.length, change.health]), [[["billing"], 0, true], [["billing"], 0, false], [[], 1, false]]);
});

test("of the minutes an hour is kept, and of what is over a hundred alerts; a threshold that is crossed stays", () => {
  show({ begins: true, alerts: [{ id: "crowd", type: "threshold_crossed", at_ms: 1 }] });
  for (let n = 0; n < 130; n += 1) {
    show({ minutes: [{ queue: "billing", at_ms: n * 60_000 }], alerts: [{ id: `e-${n}`, type: "alert_raised", at_ms: n }] });
  }
  const { minutes, alerts } = overview;
  assert.deepEqual([minutes.get("billing")?.size, alerts.size, alerts.has("crowd"), alerts.has("e-29")], [60, 101, true, false]);
  show({ alerts: [{ id: "crowd", type: "threshold_crossed", at_ms: 1, cleared_at_ms: 9 }] });
  assert.deepEqual([alerts.size, [...alerts.keys()].at(-1), isOn(alerts.get("crowd")!)], [100, "crowd", false]);
});

test("alerts that come anew are all there are, and how many more there are is told with them", () => {
  const crowd = (id: string): object => ({ id, type: "threshold_crossed", at_ms: 1 });
  show({ begins: true, alerts: [crowd("a"), crowd("b")], alerts_untold: 3 });
  assert.equal(overview.alertsUntold, 3);
  show({ alerts: [crowd("c")] });
  assert.deepEqual([[...overview.alerts.keys()], overview.alertsUntold], [["a", "b", "c"], 3]);
  show({ alerts_anew: true, alerts: [crowd("c")] });
  assert.deepEqual([[...overview.alerts.keys()], overview.alertsUntold], [["c"], 0]);
});
