import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Alert, type CaseDetail, CasebatonError, type OverviewChange } from "../src/sdk";
import { AlertBoard } from "../src/supervisor/alerts/board";
import { Cards } from "../src/supervisor/alerts/cards";
import { thingsOf } from "../src/supervisor/alerts/things";
import { alertHref, alertWords, shortId, thresholdWords } from "../src/supervisor/alerts/words";
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
    change({ begins, alerts: [alert], frames: [] } as unknown as OverviewChange);
    frames.advance(1_000);
  };
  put({ ...crossed, id: "old", queue: "vip" }, true);
  assert.deepEqual(told, []); // it was there before one looked
  put(crossed);
  assert.deepEqual([told, board.unseen.value.length], [["crowd/billing/1"], 2]);
  board.see(board.unseen.value.filter(({ latest }) => latest.id === "old"));
  assert.equal(board.unseen.value.length, 1);
  put({ ...crossed, cleared_at_ms: 90_000 });
  assert.deepEqual([told.length, board.unseen.value.length, board.things.value.length], [1, 0, 2]);
});

test("what is told again and again is one thing: its latest, how often and since when", () => {
  const declined = (id: string, at_ms: number, one: string): Alert => ({ id, type: "alert_raised", at_ms, alert: "all_declined", queue: "vip", case: one });
  const things = thingsOf([declined("5-0", 50, "c-1"), declined("4-0", 40, "c-2"), declined("2-0", 20, "c-1"), declined("1-0", 10, "c-1")]);
  assert.deepEqual(things.map(({ latest, times, sinceMs }) => [latest.id, times, sinceMs]), [["5-0", 3, 10], ["4-0", 1, 40]]);
  const warned: Alert = { id: "6-0", type: "target_warned", at_ms: 60, clock: "completion", case: "c-1" };
  assert.equal(thingsOf([warned, { ...warned, id: "7-0", clock: "first_owner" }, declined("5-0", 50, "c-1")]).length, 3); // another matter each
});

test("a thing that was seen and is told again has to be seen again", () => {
  const frames = new HandFrames();
  const alerts = new Map<string, Alert>();
  let change = (_: OverviewChange): void => {};
  const overview = { alerts, on: (_: string, hear: (change: OverviewChange) => void) => ((change = hear), () => {}) } as unknown as ConstructorParameters<typeof AlertBoard>[0];
  const board = new AlertBoard(overview, signal(false), () => {}, frames);
  const raise = (id: string): void => {
    alerts.set(id, { id, type: "alert_raised", at_ms: 1, alert: "not_responding", agent: "ana" });
    change({ begins: false, alerts: [alerts.get(id)!], frames: [] } as unknown as OverviewChange);
    frames.advance(1_000);
  };
  raise("again-1");
  board.see(board.unseen.value);
  assert.equal(board.unseen.value.length, 0);
  raise("again-2");
  assert.deepEqual(board.unseen.value.map(({ times }) => times), [2]);
});

test("a card is read once, what is gone is not asked for again, and a lost connection is asked again", async () => {
  const asked: string[] = [];
  const answers: Record<string, unknown> = { "c-1": { card: { subject: "Printer" } }, gone: new CasebatonError("CASE_NOT_FOUND", ""), lost: new CasebatonError("UNAVAILABLE", "") };
  const read = async (id: string): Promise<CaseDetail> => {
    asked.push(id);
    if (answers[id] instanceof Error) throw answers[id];
    return answers[id] as CaseDetail;
  };
  const cards = new Cards({ read });
  for (let turn = 0; turn < 2; turn++) {
    for (const id of ["c-1", "gone", "lost"]) cards.of(id);
    await new Promise(setImmediate);
  }
  assert.deepEqual(cards.of("c-1"), { subject: "Printer" });
  assert.deepEqual(asked, ["c-1", "gone", "lost", "lost"]);
});

test("an id that nobody can read is shortened, and no other", () => {
  assert.deepEqual([shortId("c-a69b749783b8070107a6a3fc"), shortId("invoice-2026-11-26")], ["c-a69b…a3fc", "invoice-2026-11-26"]);
});
