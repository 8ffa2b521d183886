import assert from "node:assert/strict";
import { test } from "node:test";
import { standingOf } from "../src/supervisor/floor/standing";
import { Tally, sumQueues } from "../src/supervisor/floor/totals";
import { agentOverview, queueOverview } from "./overviews";

test("how an agent stands to new work", () => {
  const cases = [
    [{}, "ready"],
    [{ held_primary: 3, held_interruptible: 1 }, "partly"],
    [{ held_primary: 1, held_interruptible: 2 }, "partly"],
    [{ held_primary: 3, interruptible_capacity: 0 }, "ready"],
    [{ held_primary: 4 }, "full"],
    [{ next_status: "offline" }, "finishing"],
    [{ status: "busy", label: "lunch" }, "busy"],
    [{ status: "not_responding" }, "not_responding"],
    [{ presence: "grace" }, "lost"],
    [{ status: "busy", presence: "gone" }, "lost"],
    [{ status: "offline", presence: "gone" }, "offline"],
  ] as const;
  for (const [change, standing] of cases) assert.equal(standingOf(agentOverview("ana", change)), standing);
});

test("counts follow what changes, and an agent that goes leaves nothing behind", () => {
  const tally = new Tally();
  const ana = agentOverview("ana", { team: "north", offers: 1, queues: ["billing"], queues_by_skill: ["vip"] });
  const atLunch = { ...ana, status: "busy", label: "lunch", offers: 0 } as const;
  tally.move(null, ana);
  tally.move(null, agentOverview("bo", { team: "north", status: "offline", queues: ["billing"] }));
  const { standings, offered, teams, queues } = tally.totals;
  assert.deepEqual([standings.ready, standings.offline, offered, teams.get("north")], [1, 1, 1, 2]);
  assert.deepEqual([queues.get("billing"), queues.get("vip")], [{ ready: 1, there: 1 }, { ready: 1, there: 1 }]);
  tally.move(ana, atLunch);
  assert.deepEqual([tally.totals.standings.ready, tally.totals.offered, tally.totals.labels.get("lunch"), tally.totals.queues.get("vip")], [0, 0, 1, { ready: 0, there: 1 }]);
  assert.deepEqual(queues.get("billing"), { ready: 1, there: 1 }); // what was told stays as it was
  tally.move(atLunch, null);
  assert.deepEqual([tally.totals.agents, tally.totals.labels.size, tally.totals.queues.get("billing")], [1, 0, { ready: 0, there: 0 }]);
});

test("queues add up, and the longest wait is the oldest of them", () => {
  const sum = sumQueues([queueOverview("a", { waiting: 2, oldest_at_ms: 70, active: 1 }), queueOverview("b", { waiting: 1, oldest_at_ms: 50, offered: 4 }), queueOverview("c")]);
  assert.deepEqual([sum.waiting, sum.oldestAtMs, sum.active, sum.offered], [3, 50, 1, 4]);
  assert.equal(sumQueues([]).oldestAtMs, undefined);
});
