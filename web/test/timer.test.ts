import assert from "node:assert/strict";
import { test } from "node:test";
import { type TimerPort, WorkerTimers } from "../src/ui/alerts/timer";
import type { TimerOrder } from "../src/ui/alerts/timer-worker";

function aWorker() {
  const orders: TimerOrder[] = [];
  const port: TimerPort = { postMessage: (order) => orders.push(order), onmessage: null, onerror: null };
  return { port, orders };
}

test("a timer is the worker's, rings once, and what is cancelled does not", () => {
  const { port, orders } = aWorker();
  const timers = new WorkerTimers(() => port);
  const rang: string[] = [];
  timers.after(100, () => rang.push("a"));
  const cancel = timers.after(200, () => rang.push("b"));
  assert.deepEqual(orders, [{ id: 1, ms: 100 }, { id: 2, ms: 200 }]);
  cancel();
  cancel();
  assert.deepEqual(orders.slice(2), [{ id: 2, ms: null }]);
  for (const id of [2, 1, 1]) port.onmessage!({ data: id });
  assert.deepEqual(rang, ["a"]);
});

test("without a worker the page's own timers serve", async () => {
  const timers = new WorkerTimers(() => {
    throw new DOMException("none here", "SecurityError");
  });
  await new Promise<void>((done) => timers.after(1, done));
});

test("a worker that cannot be loaded hands over what it was to ring", async () => {
  const { port } = aWorker();
  const timers = new WorkerTimers(() => port);
  const rang = new Promise<void>((done) => timers.after(1, done));
  port.onerror!();
  await rang;
});
