import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Agent } from "../src/sdk/agent";
import { CommandRefused, NotSent, OutcomeUnknown } from "../src/sdk/errors";
import { FakeSocket, HandClock, aCase, anEvent, settle } from "./fakes";

let clock: HandClock;
let sockets: FakeSocket[];
let agent: Agent;

const last = (): FakeSocket => sockets.at(-1)!;
const sent = (type: string): Record<string, any>[] => last().received.filter((frame) => frame["type"] === type);
const offer = aCase("c-1", { state: "offered", agent: "ana", baton: "b.7" });

async function reconnect(): Promise<void> {
  last().end(1006);
  clock.advance(500);
  await settle();
}

beforeEach(async () => {
  [clock, sockets] = [new HandClock(), []];
  const openSocket = (): FakeSocket => sockets[sockets.push(new FakeSocket()) - 1]!;
  agent = new Agent({ url: "ws://here", getToken: async () => "t", openSocket, clock, random: () => 0.5 });
  agent.connect();
  await settle();
});

test("accept shows the offer's baton and resolves with the reply; the desk waits for the event", async () => {
  last().welcome({ offers: [offer] });
  const accepted = agent.offers[0]!.accept();
  const [frame] = sent("accept_case");
  assert.deepEqual({ ...frame, id: "" }, { type: "accept_case", id: "", case: "c-1", baton: "b.7" });
  last().push({ type: "reply", id: frame!["id"], ok: {}, position: "200-0" });
  await accepted;
  assert.deepEqual(agent.view.desk, []);
  last().pushEvent(anEvent("case_accepted", "c-1", { state: "active", agent: "ana", state_before: "offered" }));
  assert.deepEqual(agent.cases.map((one) => one.case.case), ["c-1"]);
});

test("a refusal rejects with its code and the present owner", async () => {
  last().welcome({ offers: [offer] });
  const accepted = agent.offers[0]!.accept();
  const error = { code: "STALE_BATON", detail: "moved on", current: { owner: "agent:bo" } };
  last().push({ type: "reply", id: sent("accept_case")[0]!["id"], error });
  await assert.rejects(accepted, (refusal) => refusal instanceof CommandRefused && refusal.current?.owner === "agent:bo");
});

test("without a connection a command is refused at once, not kept", async () => {
  await assert.rejects(agent.setStatus("online"), NotSent);
  last().welcome();
  assert.deepEqual(sent("set_status"), []);
});

test("one call brings back what the server replaced, with its channels", () => {
  last().welcome();
  const head = { seq: 1, position: "200-0", actor: "engine:status", cause: "decline_case", agent: "ana", status_before: "online" };
  const busy = { ...head, type: "agent_status_changed", status: "busy", label: "break", status_cause: "on_decline", channels: ["*"] };
  last().pushEvent({ ...busy, label_before: "online", channels_before: ["chat"], next_status: "" });
  void agent.undoStatus();
  last().pushEvent({ ...busy, label_before: "lunch", channels_before: ["*"], next_status: "" });
  void agent.undoStatus();
  const asked = sent("set_status").map(({ status, channels }) => [status, channels]);
  assert.deepEqual(asked, [["online", ["chat"]], ["lunch", undefined]]);
});

test("an unanswered command is sent again with the same id and its late answer counts", async () => {
  last().welcome();
  const done = agent.setStatus("busy");
  const [first] = sent("set_status");
  await reconnect();
  last().welcome();
  assert.deepEqual(sent("set_status"), [first]);
  last().push({ type: "reply", id: first!["id"], ok: {}, position: "200-0" });
  await done;
});

test("after 10 s without an answer the outcome is unknown and the connection is made anew", async () => {
  last().welcome();
  const done = agent.setStatus("busy");
  clock.advance(10_000);
  await assert.rejects(done, OutcomeUnknown);
  assert.equal(agent.state, "connecting");
  clock.advance(500);
  last().welcome();
  assert.deepEqual(sent("set_status"), []);
});

test("a final end leaves no promise open", async () => {
  last().welcome();
  const done = agent.setStatus("busy");
  last().end(4403);
  await assert.rejects(done, OutcomeUnknown);
});

test("command ids are random UUIDs", () => {
  last().welcome();
  agent.setStatus("busy").catch(() => {});
  agent.setStatus("online").catch(() => {});
  const [one, other] = sent("set_status").map((frame) => frame["id"]);
  assert.match(one, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(one, other);
});

test("a reconnection tells what was there before; the first connection has no before", async () => {
  const seen: (string[] | null)[] = [];
  agent.on("snapshot", ({ before }) => seen.push(before && before.offers.map((one) => one.case)));
  last().welcome({ offers: [offer] });
  await reconnect();
  last().welcome();
  assert.deepEqual(seen, [null, ["c-1"]]);
  assert.deepEqual(agent.offers, []);
});

function answerPage(position: string, ...ids: string[]): void {
  const { id, queue } = sent("watch_queue").at(-1)!;
  const ok = { queue, mode: "pull", waiting: ids.length, cases: ids.map((one) => aCase(one)) };
  last().push({ type: "reply", id, ok, position });
}

test("a watched line takes in what happened while its page was on its way", async () => {
  last().welcome();
  const watched = agent.watch("billing");
  last().pushEvent(anEvent("case_queued", "c-2", { position: "201-0", score: 20 }));
  answerPage("200-0", "c-1");
  await watched;
  assert.deepEqual(agent.line("billing").map((one) => one.case.case), ["c-1", "c-2"]);
  last().pushEvent(anEvent("case_queued", "c-3", { position: "202-0", score: 30 }));
  assert.equal(agent.view.lines["billing"]?.waiting, 3);
});

test("a watched line stays watched over a reconnection, also when its page never came", async () => {
  last().welcome();
  await Promise.all([agent.watch("billing"), reconnect()]);
  last().welcome();
  answerPage("200-0", "c-1");
  await settle();
  await reconnect();
  last().welcome();
  answerPage("300-0", "c-4");
  await settle();
  assert.deepEqual(agent.line("billing").map((one) => one.case.case), ["c-4"]);
});

test("an unwatched line is gone and stays gone", async () => {
  last().welcome();
  const watched = agent.watch("billing");
  answerPage("200-0", "c-1");
  await watched;
  const unwatched = agent.unwatch("billing");
  assert.equal(agent.view.lines["billing"], undefined);
  await reconnect();
  await unwatched;
  last().welcome();
  assert.deepEqual(sent("watch_queue"), []);
});

test("a line that runs short asks for its next page", async () => {
  last().welcome();
  const watched = agent.watch("billing");
  const cases = Array.from({ length: 25 }, (_, n) => aCase(`c-${n}`));
  const { id } = sent("watch_queue")[0]!;
  last().push({ type: "reply", id, ok: { queue: "billing", mode: "pull", waiting: 90, cases }, position: "200-0" });
  await watched;
  last().pushEvent(anEvent("case_taken", "c-0", { position: "201-0", state: "active", agent: "bo", state_before: "waiting" }));
  assert.equal(sent("watch_queue").length, 2);
});

test("a line whose page is refused later is closed", async () => {
  last().welcome();
  const watched = agent.watch("billing");
  answerPage("200-0", "c-1");
  await watched;
  await reconnect();
  last().welcome();
  const error = { code: "NOT_MEMBER", detail: "not yours" };
  last().push({ type: "reply", id: sent("watch_queue")[0]!["id"], error });
  await settle();
  assert.equal(agent.view.lines["billing"], undefined);
});
