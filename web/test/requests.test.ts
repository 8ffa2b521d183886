import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { CommandRefused, NotSent, OutcomeUnknown } from "../src/sdk/errors";
import { Requests } from "../src/sdk/requests";
import type { Command } from "../src/sdk/types";
import { HandClock, settle } from "./fakes";

let clock: HandClock;
let sent: Record<string, any>[];
let silences: number;
let requests: Requests;

const LIMITS = { frame_bytes: 2_000, commands_per_second: 10, connections: 10 };
const why = (id: string): Command => ({ type: "why_case", case: id });
const cases = (): string[] => sent.map((frame) => frame["case"]);

beforeEach(() => {
  [clock, sent, silences] = [new HandClock(), [], 0];
  requests = new Requests({
    send: (text) => (sent.push(JSON.parse(text)), true),
    clock,
    deadlineMs: 10_000,
    onSilence: () => (silences += 1),
  });
  requests.open(LIMITS);
});

const accept = (frame: Record<string, any>, ok: unknown = {}): void =>
  requests.answer({ type: "reply", id: frame["id"], ok, position: "1-0" });

const refuse = (frame: Record<string, any>, code: string): void =>
  requests.answer({ type: "reply", id: frame["id"], error: { code, detail: "no", retryable: true } });

test("a command gets the answer that carries its id", async () => {
  const [one, other] = [requests.issue(why("c-1")), requests.issue(why("c-2"))];
  accept(sent[1]!, "two");
  accept(sent[0]!, "one");
  assert.deepEqual([(await one).ok, (await other).ok], ["one", "two"]);
});

test("command ids are random UUIDs", () => {
  void requests.issue(why("c-1")).catch(() => {});
  assert.match(sent[0]!["id"], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("more commands than the server allows in a second go out as fast as it does", async () => {
  const asked = Array.from({ length: 15 }, (_, n) => requests.issue(why(`c-${n}`)).catch(() => {}));
  assert.equal(sent.length, 10);
  clock.advance(100);
  assert.equal(sent.length, 11);
  clock.advance(400);
  assert.equal(sent.length, 15);
  for (const frame of sent) accept(frame);
  await Promise.all(asked);
});

test("what was too fast for the server is sent again, under its id and within its deadline", async () => {
  const asked = requests.issue(why("c-1"));
  refuse(sent[0]!, "TOO_FAST");
  assert.equal(sent.length, 1);
  clock.advance(100);
  assert.deepEqual(sent[1], sent[0]);
  accept(sent[1]!);
  await asked;
});

test("what was always too fast was not sent, since it changed nothing", async () => {
  const asked = requests.issue(why("c-1"));
  const stop = assert.rejects(asked, NotSent);
  for (let n = 0; n < 120; n += 1) {
    refuse(sent.at(-1)!, "TOO_FAST");
    clock.advance(100);
  }
  await stop;
  assert.equal(silences, 0);
});

test("a refusal rejects with its code", async () => {
  const asked = requests.issue(why("c-1"));
  refuse(sent[0]!, "CASE_NOT_FOUND");
  await assert.rejects(asked, (error) => error instanceof CommandRefused && error.code === "CASE_NOT_FOUND");
});

test("a server that does not know what became of it says so, and so does the error", async () => {
  const asked = requests.issue(why("c-1"));
  refuse(sent[0]!, "OUTCOME_UNKNOWN");
  await assert.rejects(asked, OutcomeUnknown);
});

test("without an answer the outcome is unknown, and the silence is told", async () => {
  const asked = requests.issue(why("c-1"));
  clock.advance(10_000);
  await assert.rejects(asked, OutcomeUnknown);
  assert.equal(silences, 1);
});

test("what is unanswered at a loss goes out again in its order, with its id; what does not last ends", async () => {
  void requests.issue(why("c-1")).catch(() => {});
  const passing = requests.issue(why("c-2"), { lasting: false });
  void requests.issue(why("c-3")).catch(() => {});
  const first = sent.splice(0);
  requests.lose();
  await assert.rejects(passing, NotSent);
  requests.open(LIMITS);
  assert.deepEqual(sent, [first[0], first[2]]);
});

test("at an end what was sent is unknown, and what was not was not", async () => {
  const asked = Array.from({ length: 11 }, (_, n) => requests.issue(why(`c-${n}`)));
  const ends = Promise.allSettled(asked);
  requests.lose();
  requests.giveUp();
  const kinds = (await ends).map((end) => (end as PromiseRejectedResult).reason.constructor);
  assert.deepEqual(kinds, [...Array(10).fill(OutcomeUnknown), NotSent]);
});

test("nothing is kept for a connection that may come", async () => {
  requests.lose();
  await assert.rejects(requests.issue(why("c-1")), NotSent);
  requests.open(LIMITS);
  await settle();
  assert.deepEqual(cases(), []);
});

test("what is larger than a frame is not sent, and says how large it is", async () => {
  const large = requests.issue({ type: "add_note", case: "c-1", text: "ü".repeat(1_000) });
  await assert.rejects(large, (error) => error instanceof NotSent && /add_note has 2\d\d\d bytes/.test(error.detail));
});

test("a thousand commands may wait, and no more", async () => {
  const asked = Array.from({ length: 1_000 }, (_, n) => requests.issue(why(`c-${n}`)).catch(() => {}));
  await assert.rejects(requests.issue(why("one too many")), NotSent);
  requests.giveUp();
  await Promise.all(asked);
});

test("a late answer is nobody's", () => {
  requests.answer({ type: "reply", id: "of another life", ok: {}, position: "1-0" });
  requests.answer({ type: "reply", id: null, error: { code: "NOT_JSON", detail: "", retryable: false } });
});
