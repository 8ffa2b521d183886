import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Agent } from "../src/sdk/agent";
import { CommandRefused, NotSent } from "../src/sdk/errors";
import type { Notice } from "../src/sdk/notice";
import type { Snapshot } from "../src/sdk/types";
import { aCase, anAgent, anEvent, anotherEvent, settle } from "./fakes";
import { World } from "./world";

let world: World;
let agent: Agent;
let notices: Notice[];

const offer = aCase("c-1", { state: "offered", agent: "ana", baton: "b.7", deadline_at_ms: 1_030_000 });
const owned = aCase("c-2", { state: "active", agent: "ana", owner: "agent:ana" });
const accepted = { state: "active", agent: "ana", owner: "agent:ana", state_before: "offered", actor: "agent:ana" } as const;
const told = (): string[] => notices.map(({ kind, how, case: one }) => `${one.case} ${kind} ${how}`);

beforeEach(() => {
  world = new World();
  agent = new Agent(world.client);
  notices = [];
  agent.on("notice", (notice) => notices.push(notice));
});

const open = (snapshot: Partial<Snapshot> = {}): Promise<void> => world.open(snapshot);

test("an agent is made before the connection is opened", async () => {
  await open();
  assert.throws(() => new Agent(world.client), /before client.open/);
});

test("a snapshot shows the agent, its offers, its desk, and whatever else it says", async () => {
  assert.deepEqual([agent.me, agent.offers, agent.desk, agent.queues], [null, [], [], []]);
  await open({ offers: [offer], desk: [owned], statuses: [{ status: "lunch", kind: "busy" }], channels: { chat: { dispositions: ["solved"] } }, day: { handled: 7 } } as never);
  assert.equal(agent.me?.name, "Ana");
  assert.deepEqual([agent.offers[0]?.case.case, agent.desk[0]?.case.case], ["c-1", "c-2"]);
  assert.equal(agent.statuses[0]?.status, "lunch");
  assert.deepEqual(agent.channels["chat"]?.dispositions, ["solved"]);
  assert.deepEqual((agent.snapshot as unknown as { day: object }).day, { handled: 7 });
  assert.deepEqual(told(), []);
});

// -- offers ---------------------------------------------------------------------------------------------------------

test("an offer that comes is told with its decision, and counts down to the server's deadline", async () => {
  await open();
  const decision = { rule: "longest_idle", considered: ["ana", "bo"] };
  const coming: string[] = [];
  agent.on("offer", (one) => coming.push(`${one.case.case} ${agent.offers.length}`));
  const ringing = { state: "offered", agent: "ana", deadline_at_ms: 1_030_000, decision } as const;
  world.socket.pushEvent(anEvent("case_offered", "c-1", ringing));
  assert.deepEqual(coming, ["c-1 1"]);
  const [one] = agent.offers;
  assert.deepEqual([one?.decision, one?.deadlineAtMs, one?.isOpen], [decision, 1_030_000, true]);
  world.clock.advance(10_000);
  assert.equal(one?.remainingMs(), 20_000);
  world.clock.advance(30_000);
  assert.equal(one?.remainingMs(), 0);
});

test("accept shows the offer's baton and gives the owned case, which its event then follows", async () => {
  await open({ offers: [offer] });
  const [ringing] = agent.offers;
  const accepting = ringing!.accept();
  const [frame] = world.socket.sent("accept_case");
  assert.deepEqual({ ...frame, id: "" }, { type: "accept_case", id: "", case: "c-1", baton: "b.7" });
  world.socket.accept("accept_case", { case: "c-1", state: "active", owner: "agent:ana", agent: "ana", baton: "b.8", revision: 2 });
  const mine = await accepting;
  assert.deepEqual([mine.isOwned, mine.case.state, mine.case.baton, mine.case.deadline_at_ms], [true, "active", "b.8", undefined]);
  assert.deepEqual(agent.desk, [mine]);
  world.socket.pushEvent(anEvent("case_accepted", "c-1", { ...accepted, baton: "b.8" }));
  assert.deepEqual([agent.desk[0] === mine, agent.offers.length, ringing!.isOpen], [true, 0, false]);
  assert.deepEqual(told(), ["c-1 offer_closed accepted", "c-1 case_came accepted"]);
  assert.ok(notices.every(({ byMe }) => byMe));
});

test("an event that is faster than its reply makes the same object", async () => {
  await open({ offers: [offer] });
  const accepting = agent.offers[0]!.accept();
  world.socket.pushEvent(anEvent("case_accepted", "c-1", { ...accepted, baton: "b.8", position: "200-0" }));
  world.socket.accept("accept_case", { case: "c-1", state: "active", owner: "agent:ana", baton: "b.8", revision: 2 }, "200-0");
  assert.equal(await accepting, agent.desk[0]);
});

test("a case that came and went before the reply is not owned", async () => {
  await open({ offers: [offer] });
  const accepting = agent.offers[0]!.accept();
  world.socket.pushEvent(anEvent("case_accepted", "c-1", { ...accepted, baton: "b.8", position: "200-0" }));
  const back = { state: "waiting", state_before: "active", agent_before: "ana", revision: 3, reason: "sent home" } as const;
  world.socket.pushEvent(anEvent("case_returned", "c-1", { ...back, position: "201-0" }));
  world.socket.accept("accept_case", { case: "c-1", state: "active", owner: "agent:ana", baton: "b.8", revision: 2 }, "200-0");
  assert.equal((await accepting).isOwned, false);
  assert.deepEqual(agent.desk, []);
});

test("a lost race rejects with who has it", async () => {
  await open({ offers: [offer] });
  const accepting = agent.offers[0]!.accept();
  world.socket.refuse("accept_case", "STALE_BATON", { current: { owner: "agent:bo" } });
  await assert.rejects(accepting, (error) => error instanceof CommandRefused && error.current?.owner === "agent:bo");
});

const ENDS = [
  ["offer_expired", { reason: "expired" }, "expired"],
  ["offer_revoked", { reason: "agent_busy" }, "revoked"],
  ["case_declined", { reason: "busy" }, "declined"],
  ["case_cancelled", { state: "cancelled" }, "cancelled"],
  ["case_abandoned", { state: "abandoned" }, "abandoned"],
  ["case_assigned", { state: "active", agent: "bo", owner: "agent:bo" }, "assigned"],
  ["case_transferred", { queue: "support" }, "transferred"],
  ["case_beamed_up", {}, "changed"],
] as const;
for (const [type, change, how] of ENDS) {
  test(`an offer that ends with ${type} says so: ${how}`, async () => {
    await open({ offers: [offer] });
    const [ringing] = agent.offers;
    const closed: unknown[] = [];
    ringing!.on("closed", (end) => closed.push([end.how, end.event?.type]));
    world.socket.pushEvent(anEvent(type as never, "c-1", { state_before: "offered", agent_before: "ana", ...change }));
    assert.deepEqual([closed, ringing!.isOpen, agent.offers], [[[how, type]], false, []]);
    assert.deepEqual(told(), [`c-1 offer_closed ${how}`]);
  });
}

const FAILS = [["declined", "declined"], ["expired", "expired"], ["withdrawn", "withdrawn"], ["agent_lost", "revoked"]] as const;
for (const [reason, how] of FAILS) {
  test(`a colleague's transfer that fails as ${reason} is an offer that ends as ${how}`, async () => {
    const ringing = { state: "active", agent: "bo", owner: "agent:bo", target: "ana", target_baton: "b.9", target_deadline_at_ms: 90 } as const;
    await open();
    world.socket.pushEvent(anEvent("transfer_offered", "c-3", ringing));
    assert.deepEqual([agent.offers[0]?.case.baton, agent.offers[0]?.deadlineAtMs], ["b.9", 90]);
    const failed = { state: "active", agent: "bo", owner: "agent:bo", target_before: "ana", reason } as const;
    world.socket.pushEvent(anEvent("transfer_failed", "c-3", failed));
    assert.deepEqual(told(), [`c-3 offer_closed ${how}`]);
  });
}

test("a colleague's transfer that is accepted closes as accepted and is on the desk", async () => {
  await open();
  world.socket.pushEvent(anEvent("transfer_offered", "c-3", { state: "active", agent: "bo", target: "ana", target_baton: "b.9" }));
  world.socket.pushEvent(anEvent("case_transferred", "c-3", { state: "active", agent: "ana", target_before: "ana", revision: 3 }));
  assert.deepEqual(told(), ["c-3 offer_closed accepted", "c-3 case_came transferred"]);
});

test("an offer that rings anew, with another baton, is another offer", async () => {
  await open({ offers: [offer] });
  const [before] = agent.offers;
  world.socket.pushEvent(anEvent("case_offered", "c-1", { state: "offered", agent: "ana", baton: "b.8", revision: 5 }));
  assert.notEqual(agent.offers[0], before);
  assert.deepEqual([before!.isOpen, agent.offers[0]!.isOpen], [false, true]);
});

test("the decision of an offer that a snapshot brought can be read", async () => {
  await open({ offers: [offer] });
  const [ringing] = agent.offers;
  const reading = ringing!.loadDecision();
  const [asked] = world.socket.sent("read_history");
  assert.deepEqual([asked?.["case"], asked?.["limit"]], ["c-1", 10]);
  const decision = { rule: "longest_idle", considered: ["ana"] };
  const items = [{ type: "case_updated", baton: "b.7" }, { type: "case_offered", baton: "b.7", decision }];
  world.socket.push({ type: "reply", id: asked!["id"], ok: { items }, position: "200-0" });
  assert.deepEqual([await reading, ringing!.decision], [decision, decision]);
});

// -- the desk -------------------------------------------------------------------------------------------------------

test("an owned case follows its events and says what changed, until it leaves", async () => {
  await open({ desk: [owned] });
  const [mine] = agent.desk;
  const heard: unknown[] = [];
  mine!.on("change", ({ case: one, before, event }) => heard.push([before.state, one.state, event?.type]));
  mine!.on("left", ({ how, event }) => heard.push([how, event?.reason]));
  world.socket.pushEvent(anEvent("case_parked", "c-2", { state: "parked", agent: "ana", wake_at_ms: 90 }));
  assert.deepEqual([mine!.case.state, mine!.case.wake_at_ms, agent.desk[0]], ["parked", 90, mine]);
  const back = { state: "waiting", state_before: "parked", agent_before: "ana", reason: "wake_limit", revision: 3 } as const;
  world.socket.pushEvent(anEvent("case_returned", "c-2", back));
  assert.deepEqual(heard, [["active", "parked", "case_parked"], ["returned", "wake_limit"]]);
  assert.deepEqual([mine!.isOwned, agent.desk], [false, []]);
  assert.deepEqual(told(), ["c-2 case_changed changed", "c-2 case_left returned"]);
});

test("a case that is given without being asked for is told of, with its event", async () => {
  await open();
  const came: string[] = [];
  agent.on("owned", (one) => came.push(one.case.case));
  world.socket.pushEvent(anEvent("case_assigned", "c-3", { state: "active", agent: "ana", actor: "supervisor:sue" }));
  assert.deepEqual([came, told(), notices[0]?.byMe], [["c-3"], ["c-3 case_came assigned"], false]);
});

test("what happens to an owned case without moving it is told of it", async () => {
  await open({ desk: [owned] });
  world.socket.pushEvent(anotherEvent("target_warned", { case: "c-2", agent: "ana", queue: "billing", clock: "completion" }));
  assert.deepEqual([told(), notices[0]?.event?.clock], [["c-2 case_changed changed"], "completion"]);
});

test("everything is up to date before the first listener hears of it", async () => {
  await open({ offers: [offer] });
  const seen: unknown[] = [];
  const look = (): void => void seen.push([agent.offers.length, agent.desk.length, agent.me?.held_interruptible]);
  for (const name of ["me", "offers", "desk", "owned", "notice"] as const) agent.on(name, look);
  const held = [{ agent: "ana", primary: 0, interruptible: 1, offers: 0 }];
  world.socket.pushEvent(anEvent("case_accepted", "c-1", { ...accepted, held }));
  assert.equal(seen.length, 6);
  assert.deepEqual(new Set(seen.map(String)), new Set(["0,1,1"]));
});

const MOVES = [
  ["complete", ["solved"], { type: "complete_case", disposition: "solved" }],
  ["complete", [], { type: "complete_case" }],
  ["wrap", [], { type: "wrap_case" }],
  ["extendWrapUp", [], { type: "extend_wrap_up" }],
  ["park", [99.6], { type: "park_case", wake_at_ms: 100 }],
  ["resume", [], { type: "resume_case" }],
  ["return", ["need help", "front"], { type: "return_case", reason: "need help", place: "front" }],
  ["transfer", ["support"], { type: "transfer_case", queue: "support" }],
  ["transferTo", ["bo", "his"], { type: "transfer_case", agent: "bo", reason: "his" }],
  ["setStage", ["travelling"], { type: "set_stage", stage: "travelling" }],
  ["update", [{ priority: 1 }], { type: "update_case", priority: 1 }],
  ["addNote", ["Called."], { type: "add_note", text: "Called." }],
] as const;
for (const [method, args, command] of MOVES) {
  test(`${method}(${JSON.stringify(args).slice(1, -1)}) sends ${command.type} with the baton of now`, async () => {
    await open({ desk: [owned] });
    world.socket.pushEvent(anEvent("case_updated", "c-2", { state: "active", agent: "ana", baton: "b.5" }));
    const moved = (agent.desk[0]![method] as (...all: unknown[]) => Promise<unknown>)(...args);
    const [frame] = world.socket.sent(command.type);
    assert.deepEqual({ ...frame, id: "" }, { ...command, id: "", case: "c-2", baton: "b.5" });
    world.socket.accept(command.type);
    await moved;
  });
}

test("notes, why, history and data are read", async () => {
  await open({ desk: [owned] });
  const [mine] = agent.desk;
  const notes = mine!.notes();
  world.socket.accept("read_notes", { case: "c-2", items: [{ number: 1, text: "Hello" }] });
  assert.equal((await notes)[0]?.text, "Hello");
  const why = mine!.why();
  world.socket.accept("why_case", { case: { case: "c-2" }, reason: "active", counts: {}, agents: [] });
  assert.deepEqual([(await why).reason, (await why).decisions], ["active", []]);
  const history = mine!.history({ cursor: "5-0" });
  assert.equal(world.socket.sent("read_history")[0]?.["before"], "5-0");
  world.socket.accept("read_history", { items: [], truncated: true });
  assert.deepEqual(await history, { items: [], truncated: true });
  const read = mine!.read();
  await settle();
  await world.asked[0]!.answer({ ...owned, data: { order: 7 } });
  assert.deepEqual((await read).data, { order: 7 });
});

test("an agent reads what it has done since its midnight", async () => {
  await open();
  const reading = agent.day(5_000);
  const [asked] = world.socket.sent("read_day");
  assert.deepEqual({ ...asked, id: "" }, { type: "read_day", id: "", since_ms: 5_000 });
  world.socket.accept("read_day", { agent: "ana", handled: 3 });
  assert.equal((await reading).handled, 3);
});

test("an owned case tells for how long it has been worked on, another owner begins at nothing", async () => {
  await open({ desk: [owned] });
  const [mine] = agent.desk;
  const parked = { state: "parked" as const, agent: "ana", agent_before: "ana", baton: "b.6", revision: 6 };
  world.socket.pushEvent(anEvent("case_parked", "c-2", { ...parked, worked_ms: 5_000 }));
  assert.equal(mine!.case.worked_ms, 5_000);
  world.socket.pushEvent(anEvent("case_transferred", "c-4", { state: "active", agent: "ana", agent_before: "bo", worked_ms: 9_000 }));
  assert.equal(agent.desk.find((one) => one.case.case === "c-4")?.case.worked_ms, 0);
});

// -- many, status, flags -------------------------------------------------------------------------------------------

test("the next case that the agent may take is its own, whole", async () => {
  await open();
  const taking = agent.takeNext("billing");
  assert.equal(world.socket.sent("take_next")[0]?.["queue"], "billing");
  const one = { ...aCase("c-5", { state: "active", agent: "ana", owner: "agent:ana" }), notes: undefined };
  world.socket.accept("take_next", one);
  const mine = await taking;
  assert.deepEqual([mine.case.case, mine.case.notes, mine.isOwned, agent.desk], ["c-5", 0, true, [mine]]);
});

test("a case that comes back before its leaving is told is another stay", async () => {
  await open({ desk: [owned] });
  const [before] = agent.desk;
  const taking = agent.take(aCase("c-2", { baton: "b.3", revision: 2 }));
  world.socket.accept("take_case", { case: "c-2", state: "active", owner: "agent:ana", agent: "ana", baton: "b.4", revision: 3 }, "301-0");
  const now = await taking;
  assert.deepEqual([before!.isOwned, agent.desk], [false, [now]]);
  world.socket.pushEvent(anEvent("case_returned", "c-2", { state_before: "active", agent_before: "ana", revision: 2, position: "300-0" }));
  world.socket.pushEvent(anEvent("case_taken", "c-2", { state: "active", agent: "ana", baton: "b.4", revision: 3, position: "301-0" }));
  assert.deepEqual([now.isOwned, agent.desk], [true, [now]]);
  assert.deepEqual(told(), ["c-2 case_left changed", "c-2 case_came taken"]);
});

test("of many each has its own result, in the order given", async () => {
  await open({ desk: [owned, aCase("c-3", { state: "active", agent: "ana" })] });
  const many = agent.returnAll(agent.desk, "shift end");
  const frames = world.socket.sent("return_case");
  const error = { code: "STALE_BATON", detail: "moved on", retryable: false };
  world.socket.push({ type: "reply", id: frames[1]!["id"], error });
  world.socket.push({ type: "reply", id: frames[0]!["id"], ok: { case: "c-2" }, position: "200-0" });
  const [first, second] = await many;
  assert.deepEqual([first, (second as CommandRefused).code], [{ case: "c-2" }, "STALE_BATON"]);
});

test("of many only a few are under way at once", async () => {
  await open();
  const many = agent.takeAll(Array.from({ length: 30 }, (_, n) => aCase(`c-${n}`)));
  assert.equal(world.socket.sent("take_case").length, 8);
  world.client.close();
  assert.equal((await many).length, 30);
});

test("a status may have channels, and may come when the work is done", async () => {
  await open();
  void agent.setStatus("online", { channels: ["chat"] }).catch(() => {});
  void agent.setStatus("offline", { next: true }).catch(() => {});
  const asked = world.socket.sent("set_status").map(({ status, channels, next }) => [status, channels, next]);
  assert.deepEqual(asked, [["online", ["chat"], undefined], ["offline", undefined, true]]);
});

test("one call brings back what the server replaced, with its channels", async () => {
  await open({ agent: anAgent({ label_before: "online", channels_before: ["chat"] }) });
  void agent.undoStatus().catch(() => {});
  world.socket.pushEvent(anotherEvent("agent_status_changed", { agent: "ana", label: "break", label_before: "lunch", channels_before: ["*"] }));
  void agent.undoStatus().catch(() => {});
  const asked = world.socket.sent("set_status").map(({ status, channels }) => [status, channels]);
  assert.deepEqual(asked, [["online", ["chat"]], ["lunch", undefined]]);
});

test("a hand is raised about a case or in general", async () => {
  await open();
  void agent.raiseFlag({ text: "help", case: "c-1" }).catch(() => {});
  void agent.raiseFlag().catch(() => {});
  assert.deepEqual(world.socket.sent("raise_flag").map(({ text, case: about }) => [text, about]), [["help", "c-1"], [undefined, undefined]]);
});

test("without a connection a command is refused at once, not kept", async () => {
  await assert.rejects(agent.setStatus("online"), NotSent);
  await open();
  assert.deepEqual(world.socket.sent("set_status"), []);
});

// -- connections that come and go ----------------------------------------------------------------------------------

test("a reconnection keeps the objects of what stayed and says of the rest that it was gone unseen", async () => {
  const other = aCase("c-9", { state: "offered", agent: "ana", baton: "b.9" });
  await open({ offers: [offer, other], desk: [owned] });
  const [[staying, gone], [mine]] = [agent.offers, agent.desk];
  const ends: unknown[] = [];
  gone!.on("closed", ({ how, event }) => ends.push([how, event]));
  await world.lose();
  world.socket.welcome({ offers: [offer], desk: [aCase("c-4", { state: "active", agent: "ana" })] }, { position: "300-0" });
  assert.deepEqual([agent.offers[0] === staying, staying!.isOpen, gone!.isOpen, mine!.isOwned], [true, true, false, false]);
  assert.deepEqual(ends, [["unseen", null]]);
  assert.deepEqual(told(), ["c-9 offer_closed unseen", "c-2 case_left unseen", "c-4 case_came unseen"]);
});

test("a reply whose event was lost with the connection is made good by the snapshot", async () => {
  await open({ offers: [offer] });
  const accepting = agent.offers[0]!.accept();
  world.socket.accept("accept_case", { case: "c-1", state: "active", owner: "agent:ana", baton: "b.8", revision: 2 });
  const mine = await accepting;
  await world.lose();
  world.socket.welcome({}, { position: "300-0" });
  assert.deepEqual([mine.isOwned, agent.desk], [false, []]);
});

test("what the snapshot alone tells is read anew when the configuration changes, not by everybody at once", async () => {
  await open();
  world.socket.pushEvent(anotherEvent("config_applied", { config: 4 }));
  world.clock.advance(2_499);
  await settle();
  assert.equal(world.asked.length, 0);
  world.clock.advance(1);
  await settle();
  assert.equal(world.asked[0]?.url, "http://here/v1/acme/agents/ana");
  const queues = [{ queue: "support", mode: "pull", waiting: 3 }];
  await world.asked[0]!.answer({ agent: anAgent(), offers: [], desk: [], queues, statuses: [{ status: "tea", kind: "busy" }] });
  assert.deepEqual([agent.statuses[0]?.status, agent.queues[0]?.queue], ["tea", "support"]);
});

test("a line has taken in what an agent's listeners hear of, and the other way round", async () => {
  await open();
  const line = agent.watchQueue("billing");
  world.socket.accept("watch_queue", { queue: "billing", mode: "pull", waiting: 1, cases: [aCase("c-5")] });
  await line.opened();
  const seen: unknown[] = [];
  agent.on("owned", () => seen.push([line.waiting, agent.desk.length]));
  line.on("change", () => seen.push([line.waiting, agent.desk.length]));
  world.socket.pushEvent(anEvent("case_taken", "c-5", { state: "active", agent: "ana", state_before: "waiting", position: "300-0" }));
  assert.deepEqual(seen, [[0, 1], [0, 1]]);
});

test("a watched queue's summary follows its line", async () => {
  await open({ queues: [{ queue: "billing", mode: "pull", waiting: 9, paused: false, draining: false, open: true }] });
  const line = agent.watchQueue("billing");
  assert.deepEqual([agent.watchQueue("billing") === line, agent.watching], [true, [line]]);
  world.socket.accept("watch_queue", { queue: "billing", mode: "pull", waiting: 1, cases: [aCase("c-5")] });
  await line.opened();
  assert.equal(agent.queues[0]?.waiting, 1);
  world.socket.pushEvent(anEvent("case_queued", "c-6", { position: "300-0", score: 20 }));
  assert.equal(agent.queues[0]?.waiting, 2);
  const taking = line.take(line.cases[0]!);
  world.socket.accept("take_case", { case: "c-5", state: "active", owner: "agent:ana", baton: "b.8", revision: 2 }, "301-0");
  const mine = await taking;
  assert.deepEqual(agent.desk, [mine]);
});
