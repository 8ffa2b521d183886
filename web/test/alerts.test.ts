import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, OverviewChange } from "../src/sdk";
import { AlertBoard } from "../src/supervisor/alerts/board";
import { alertHref, alertWords, thresholdWords } from "../src/supervisor/alerts/words";
import { HandFrames } from "./hand-frames";

const crossed: Alert = { id: "crowd/billing/1", type: "threshold_crossed", at_ms: 60_000, alert: "crowd", queue: "billing", waiting: 21, oldest_at_ms: 0, level: 0.914 };

test("a crossed threshold says what it watches, or all of it when it is not known any more", () => {
  assert.equal(alertWords(crossed, { waiting_above: 20, level_below: null }), "crowd: 21 cases wait");
  assert.equal(alertWords(crossed, undefined), "crowd: 21 cases wait, the longest for 1 min, and service level 91%");
});

test("what the engine tells has its words, and leads to what it is about", () => {
  const late: Alert = { id: "1-0", type: "target_breached", at_ms: 1, clock: "first_owner", case: "c-1", queue: "billing", agent: "ana" };
  assert.equal(alertWords(late, undefined), "Target missed: first owner");
  assert.equal(alertHref(late), "#/case/c-1");
  assert.equal(alertHref({ id: "2-0", type: "alert_raised", at_ms: 1, agent: "ana" }), "#/agent/ana");
  assert.equal(alertHref(crossed), "#/queue/billing");
});

test("a threshold is told in words", () => {
  assert.equal(thresholdWords({ queue: null, waiting_above: 20, for_s: 30 }), "each queue: more than 20 wait, for 30 sec");
  assert.equal(thresholdWords({ queue: "vip", oldest_above_s: 60, level_below: 0.8 }), "vip: one waits for longer than 1 min and service level below 80%");
});

test("a new alert is told once, counted until somebody has seen it, and over by itself when it is cleared", () => {
  const frames = new HandFrames();
  const alerts = new Map<string, Alert>();
  const told: string[] = [];
  let change = (_: OverviewChange): void => {};
  const overview = { alerts, on: (_: string, hear: (change: OverviewChange) => void) => ((change = hear), () => {}) } as unknown as ConstructorParameters<typeof AlertBoard>[0];
  const board = new AlertBoard(overview, signal(false), ({ id }) => void told.push(id), frames);
  const put = (alert: Alert, begins = false): void => {
    alerts.set(alert.id, alert);
    change({ begins, alerts: [alert] } as unknown as OverviewChange);
    frames.advance(1_000);
  };
  put({ ...crossed, id: "old" }, true);
  assert.deepEqual(told, []); // it was there before one looked
  put(crossed);
  assert.deepEqual([told, board.unseen.value.length], [["crowd/billing/1"], 2]);
  board.see(["old"]);
  assert.equal(board.unseen.value.length, 1);
  put({ ...crossed, cleared_at_ms: 90_000 });
  assert.deepEqual([told.length, board.unseen.value.length, board.alerts.value.length], [1, 0, 2]);
});
