import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { CaseDetail, Line, OverviewChange, Supervisor, Why } from "../src/sdk";
import { WatchedCase } from "../src/supervisor/case/watched-case";
import { settle } from "./fakes";
import { HandFrames } from "./hand-frames";

const LEAST_MS = 3_000;

let frames: HandFrames;
let asked: number;
let place: number;
let state: string;
let isPaused: boolean;
let lineChanges: (line: Line) => void;
let agentsChange: (change: OverviewChange) => void;
let watched: WatchedCase;

const line = (): Line => ({ indexOf: () => place, waiting: 5, get isPaused() { return isPaused; }, isOpen: true, on: (_: string, hear: typeof lineChanges) => ((lineChanges = hear), () => {}), unwatch: async () => {} }) as unknown as Line;

beforeEach(async () => {
  [frames, asked, place, state, isPaused] = [new HandFrames(), 0, 3, "waiting", false];
  const one = (): CaseDetail => ({ case: "c-1", queue: "billing", state, notes: 0 }) as CaseDetail;
  const supervisor = {
    client: { on: () => () => {} },
    read: async () => one(),
    history: async () => ({ items: [] }),
    why: async (): Promise<Why> => ({ case: one(), at_ms: ++asked, agents: [{ agent: "ana", fails: "room" }] }) as unknown as Why,
    watchQueue: line,
  } as unknown as Supervisor;
  watched = new WatchedCase(supervisor, { on: ((_: string, hear: typeof agentsChange) => ((agentsChange = hear), () => {})) as never }, "c-1", frames);
  await settle();
  asked = 0;
});

/** Everything that is due by then happens. */
async function pass(ms: number): Promise<void> {
  frames.advance(ms);
  await settle();
}

test("another place in the line asks anew why it waits, and the same place does not", async () => {
  lineChanges(line());
  await pass(LEAST_MS);
  assert.equal(asked, 1);
  lineChanges(line());
  await pass(LEAST_MS);
  assert.equal(asked, 1);
  place = 2;
  lineChanges(line());
  await pass(LEAST_MS);
  assert.equal(asked, 2);
});

test("a queue that is paused, or goes on, asks anew, with its place as it was", async () => {
  lineChanges(line());
  await pass(LEAST_MS);
  for (const paused of [true, false]) {
    isPaused = paused;
    lineChanges(line());
    await pass(LEAST_MS);
  }
  assert.equal(asked, 3);
});

test("an agent who is named asks anew, another does not, and a burst asks once", async () => {
  agentsChange({ agents: ["bo"] } as OverviewChange);
  await pass(LEAST_MS);
  assert.equal(asked, 0);
  for (let turn = 0; turn < 5; turn++) agentsChange({ agents: ["ana"] } as OverviewChange);
  await pass(LEAST_MS);
  assert.equal(asked, 1);
});

test("of a case that is closed on the page, or waits no more, nothing is asked", async () => {
  state = "active";
  await watched.read();
  asked = 0;
  agentsChange({ agents: ["ana"] } as OverviewChange);
  await pass(LEAST_MS);
  assert.equal(asked, 0);
  watched.close();
  place = 1;
  lineChanges(line());
  await pass(LEAST_MS);
  assert.equal(asked, 0);
});
