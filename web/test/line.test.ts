import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { CommandRefused, WrongRole } from "../src/sdk/errors";
import { lineOf } from "../src/sdk/line";
import type { Line } from "../src/sdk/line";
import type { Case } from "../src/sdk/types";
import { aCase, anEvent, anotherEvent, settle } from "./fakes";
import { World } from "./world";

let world: World;
let line: Line;
let changes: number;

const ids = (): string[] => line.cases.map((one) => one.case);
const cased = (score: number, change: Partial<Case> = {}): Case => aCase(`c-${score}`, { score, ...change });

/** Answer the line's question for its first page. */
async function begin(cases: Case[], more: object = {}, position = "200-0"): Promise<void> {
  world.socket.accept("watch_queue", { queue: "billing", mode: "pull", waiting: cases.length, cases, ...more }, position);
  await settle();
}

/** Answer the oldest unanswered question for a further page. */
async function turn(cases: Case[], more: object = {}): Promise<void> {
  await settle();
  await world.asked.shift()!.answer({ queue: "billing", mode: "pull", waiting: 999, cases, ...more });
}

let position = 0;
function hear(...[type, id, change]: Parameters<typeof anEvent>): void {
  position += 1;
  world.socket.pushEvent(anEvent(type, id, { position: `300-${position}`, ...change }));
}
const queued = (score: number, change: object = {}): void => hear("case_queued", `c-${score}`, { score, revision: 1, ...change });
const taken = (score: number, change: object = {}): void =>
  hear("case_taken", `c-${score}`, { state: "active", agent: "bo", state_before: "waiting", score, revision: 2, ...change });

beforeEach(async () => {
  world = new World();
  await world.open({}, { role: "supervisor" });
  line = lineOf(world.client, "billing");
  changes = 0;
  line.on("change", () => (changes += 1));
});

test("a line opens with its first page, and is the same one for whoever asks again", async () => {
  assert.equal(line.isLive, false);
  const opened = line.opened();
  await begin([cased(10), cased(20)], { mode: "both", paused: true, next_change_at_ms: 9 });
  assert.equal(await opened, line);
  assert.deepEqual([ids(), line.waiting, line.mode, line.isLive, line.isComplete], [["c-10", "c-20"], 2, "both", true, true]);
  assert.deepEqual([line.isPaused, line.isDraining, line.isOpen, line.nextChangeAtMs], [true, false, true, 9]);
  assert.equal(lineOf(world.client, "billing"), line);
});

test("cases enter by their rank and leave, and each change is told", async () => {
  await begin([cased(10), cased(30)]);
  queued(20);
  queued(40);
  assert.deepEqual([ids(), line.waiting], [["c-10", "c-20", "c-30", "c-40"], 4]);
  taken(10);
  assert.deepEqual([ids(), line.waiting, line.indexOf("c-30"), line.find("c-10")], [["c-20", "c-30", "c-40"], 3, 1, undefined]);
  assert.equal(changes, 4);
});

test("a case that changes rank moves, and keeps since when it waits", async () => {
  await begin([cased(10), cased(20, { state_at_ms: 7 })]);
  const urgent = { state_before: "waiting", score: 5, baton: "b.1", card: { subject: "Now" } } as const;
  hear("case_updated", "c-20", urgent);
  assert.deepEqual([ids(), line.waiting, line.cases[0]?.state_at_ms, line.cases[0]?.card?.subject], [["c-20", "c-10"], 2, 7, "Now"]);
});

test("a transfer leaves one line and enters another", async () => {
  await begin([cased(10)]);
  hear("case_transferred", "c-10", { state_before: "waiting", queue: "support", queue_before: "billing" });
  assert.deepEqual([ids(), line.waiting], [[], 0]);
  hear("case_transferred", "c-10", { state_before: "waiting", queue: "billing", queue_before: "support", score: 10, revision: 3 });
  assert.deepEqual([ids(), line.waiting], [["c-10"], 1]);
});

test("events that the page has in it already change nothing", async () => {
  await begin([cased(10)], {}, "300-5");
  world.socket.pushEvent(anEvent("case_queued", "c-7", { position: "300-5", score: 7 }));
  assert.deepEqual([ids(), line.waiting], [["c-10"], 1]);
});

test("events about other queues and owned cases are no change", async () => {
  await begin([cased(10)]);
  changes = 0;
  hear("case_queued", "c-7", { queue: "support" });
  hear("case_accepted", "c-8", { state: "active", agent: "bo", state_before: "offered" });
  assert.equal(changes, 0);
});

test("what stops the queue is told of its line", async () => {
  await begin([]);
  world.socket.pushEvent(anotherEvent("queue_paused", { queue: "billing", paused: true, position: "300-1" }));
  assert.equal(line.isPaused, true);
  world.socket.pushEvent(anotherEvent("queue_resumed", { queue: "billing", position: "300-2" }));
  world.socket.pushEvent(anotherEvent("queue_closed", { queue: "support", open: false, position: "300-3" }));
  assert.deepEqual([line.isPaused, line.isOpen], [false, true]);
});

// -- further pages --------------------------------------------------------------------------------------------------

const FIRST = Array.from({ length: 50 }, (_, n) => cased(n + 1));

test("behind the known part an arrival is counted, and shown by the next page", async () => {
  await begin(FIRST, { waiting: 60, next_cursor: "50:c-50" });
  queued(90);
  assert.deepEqual([line.waiting, ids().length, line.isComplete], [61, 50, false]);
  const more = line.more();
  assert.equal(line.more(), more);
  await turn([cased(60), cased(90)]);
  assert.equal(await more, false);
  assert.deepEqual([ids().slice(-2), line.isComplete, line.waiting], [["c-60", "c-90"], true, 61]);
  assert.equal(await line.more(), false);
});

test("the next page is asked for behind the last one", async () => {
  await begin(FIRST, { waiting: 300, next_cursor: "50:c-50" });
  void line.more();
  await settle();
  assert.equal(world.asked[0]?.url, "http://here/v1/acme/queues/billing/cases?limit=200&cursor=50%3Ac-50");
});

test("what entered while a page was on its way is not lost, on either side of its end", async () => {
  await begin(FIRST, { waiting: 60, next_cursor: "50:c-50" });
  const more = line.more();
  await settle();
  queued(55); // behind what is known, within the page that comes, which was read before
  queued(80);
  await turn([cased(60), cased(70)], { next_cursor: "70:c-70" });
  assert.equal(await more, true);
  assert.deepEqual(ids().slice(-3), ["c-55", "c-60", "c-70"]);
});

test("what left while a page was on its way does not come back with it", async () => {
  await begin(FIRST, { waiting: 60, next_cursor: "50:c-50" });
  const more = line.more();
  await settle();
  taken(60);
  await turn([cased(60), cased(70)]);
  await more;
  assert.deepEqual([ids().slice(-1), line.find("c-60")], [["c-70"], undefined]);
});

test("a page that is ahead of the events shows each case once, and the count follows the events", async () => {
  await begin(FIRST, { waiting: 50, next_cursor: "50:c-50" });
  const more = line.more();
  await turn([cased(60, { revision: 5, priority: 1 })]);
  await more;
  queued(60, { revision: 3 });
  taken(60, { revision: 4 });
  assert.deepEqual([line.find("c-60")?.priority, line.waiting], [1, 50]);
  hear("case_returned", "c-60", { score: 60, revision: 5, state_before: "active", priority: 1 });
  assert.deepEqual([line.find("c-60")?.revision, line.waiting, ids().filter((id) => id === "c-60").length], [5, 51, 1]);
});

test("a line whose known part runs short loads the next page by itself", async () => {
  await begin(FIRST, { waiting: 90, next_cursor: "50:c-50" });
  await settle();
  assert.equal(world.asked.length, 0);
  taken(1);
  await turn([cased(60)], { next_cursor: "60:c-60" });
  assert.deepEqual([ids().length, ids().at(-1)], [50, "c-60"]);
});

test("a page that does not come is no loss: whoever needs it asks again", async () => {
  await begin(FIRST, { waiting: 90, next_cursor: "50:c-50" });
  taken(1);
  await settle();
  await world.asked.shift()!.fail();
  taken(2);
  await settle();
  assert.equal(world.asked.length, 0);
  const more = line.more();
  await turn([cased(60)]);
  assert.equal(await more, false);
});

test("pages and events in any order end as the engine's line", async () => {
  let seed = 11;
  const random = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
  const engine = new Map<string, Case>();
  for (let n = 0; n < 400; n += 1) engine.set(`e-${n}`, aCase(`e-${n}`, { score: random(1_000) }));
  const sorted = (): Case[] => [...engine.values()].sort((a, b) => a.score! - b.score! || (a.case < b.case ? -1 : 1));
  const page = (from: number, size: number): object => {
    const cases = sorted().slice(from, from + size);
    return { cases, waiting: engine.size, ...(cases.length === size && { next_cursor: `at ${from + size}` }) };
  };
  await begin([], page(0, 100));
  const unheard: (() => void)[] = [];
  const happen = (): void => {
    const before = sorted()[random(engine.size)]!;
    const one = random(2) === 0 ? before : aCase(`n-${position}-${unheard.length}`, { revision: 0, score: random(1_000) });
    const revision = one.revision + 1;
    if (one === before) {
      engine.delete(one.case);
      unheard.push(() => hear("case_taken", one.case, { state: "active", agent: "bo", state_before: "waiting", revision }));
    } else {
      engine.set(one.case, { ...one, revision });
      unheard.push(() => hear("case_queued", one.case, { score: one.score!, revision }));
    }
  };
  for (let step = 0; step < 600; step += 1) {
    happen();
    while (unheard.length > random(5)) unheard.shift()!(); // some are still under way
    if (step % 40 === 39) {
      void line.more();
      await settle();
      const asked = world.asked.shift();
      if (!asked) continue;
      const last = line.cases.at(-1)!;
      const from = sorted().findIndex((one) => one.score! > last.score! || (one.score === last.score && one.case > last.case));
      const answer = page(from < 0 ? engine.size : from, 50);
      happen();
      while (unheard.length > random(3)) unheard.shift()!();
      await asked.answer({ queue: "billing", mode: "pull", ...answer });
    }
  }
  while (unheard.length > 0) unheard.shift()!();
  assert.equal(line.waiting, engine.size);
  assert.deepEqual(ids(), sorted().map((one) => one.case).slice(0, ids().length));
  assert.ok(ids().length > 200, `${ids().length} known`);
});

// -- connections that come and go ----------------------------------------------------------------------------------

test("after a loss a line shows what it knew until its page has come again, and then as much as before", async () => {
  await begin(FIRST, { waiting: 60, next_cursor: "50:c-50" });
  const more = line.more();
  await turn([cased(60), cased(70)]);
  await more;
  await world.lose();
  assert.deepEqual([line.isLive, ids().length], [false, 52]);
  world.socket.welcome({}, { role: "supervisor" });
  assert.deepEqual([line.isLive, ids().length], [false, 52]);
  await begin([...FIRST.slice(1), cased(60)], { waiting: 52, next_cursor: "60:c-60" }, "400-0");
  assert.deepEqual([line.isLive, ids().length], [true, 50]);
  await turn([cased(70), cased(80)]);
  assert.deepEqual([ids().length, ids().at(-1)], [52, "c-80"]);
});

test("a page of before the loss is not mixed with what came after it", async () => {
  await begin(FIRST, { waiting: 60, next_cursor: "50:c-50" });
  const more = line.more();
  await settle();
  await world.lose();
  world.socket.welcome({}, { role: "supervisor" });
  await begin([cased(10)], {}, "400-0");
  await turn([cased(60)]);
  assert.equal(await more, false);
  assert.deepEqual(ids(), ["c-10"]);
});

test("a line that is asked for without a connection opens with it", async () => {
  const later = new World();
  const early = lineOf(later.client, "billing");
  const opened = early.opened();
  await later.open({}, { role: "supervisor" });
  later.socket.accept("watch_queue", { queue: "billing", mode: "pull", waiting: 0, cases: [] });
  assert.equal(await opened, early);
});

test("a line that is refused is over, and says why", async () => {
  const overs: unknown[] = [];
  line.on("over", (failure) => overs.push(failure));
  const opened = line.opened();
  world.socket.refuse("watch_queue", "NOT_MEMBER");
  await assert.rejects(opened, CommandRefused);
  assert.deepEqual([line.isOver, overs[0], line.failure?.code], [true, line.failure, "NOT_MEMBER"]);
  assert.notEqual(lineOf(world.client, "billing"), line);
});

test("an unwatched line is over and stays so", async () => {
  await begin([cased(10)]);
  const unwatched = line.unwatch();
  assert.equal(line.isOver, true);
  world.socket.accept("unwatch");
  await unwatched;
  await world.lose();
  world.socket.welcome({}, { role: "supervisor" });
  assert.deepEqual(world.socket.sent("watch_queue"), []);
  await line.unwatch();
  await assert.rejects(line.opened(), /ended/);
});

test("only an agent takes from a line", async () => {
  await begin([cased(10)]);
  await assert.rejects(line.take(line.cases[0]!), WrongRole);
});
