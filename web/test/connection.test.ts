import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ServerTime } from "../src/sdk/clock";
import type { ConnectionState, Lost, Retry } from "../src/sdk/connection";
import { Connection, backOff } from "../src/sdk/connection";
import { ConnectionEnded, WrongRole } from "../src/sdk/errors";
import { Tokens } from "../src/sdk/tokens";
import type { Event } from "../src/sdk/types";
import { FakeSocket, HandClock, settle } from "./fakes";

let clock: HandClock;
let sockets: FakeSocket[];
let states: ConnectionState[];
let events: Event[];
let ended: Error[];
let lost: Lost[];
let retries: Retry[];
let tokens: (string | null | Error)[];
let hears: (state: ConnectionState) => void;
let serverTime: ServerTime;
let connection: Connection;

const last = (): FakeSocket => sockets.at(-1)!;
const codes = (): number[] => ended.map((error) => (error as ConnectionEnded).closeCode);
const hello = (): unknown => last().received[0];

beforeEach(async () => {
  [clock, sockets, states, events, ended, lost, retries, tokens] = [new HandClock(), [], [], [], [], [], [], ["t-1", "t-2"]];
  hears = () => {};
  serverTime = new ServerTime(clock);
  const openSocket = (): FakeSocket => sockets[sockets.push(new FakeSocket()) - 1]!;
  const getToken = async (): Promise<string | null> => {
    const token = tokens.shift() ?? null;
    if (token instanceof Error) throw token;
    return token;
  };
  const given = new Tokens(undefined, getToken);
  connection = new Connection({ url: "ws://here", tokens: given, openSocket, clock, time: serverTime, random: () => 0.5 }, {
    refuses: ({ role }) => (role === "agent" ? null : new WrongRole(["agent"], role)),
    onState: (state) => (states.push(state), hears(state)),
    onWelcome: () => {},
    onEvent: (event) => events.push(event),
    onReply: () => {},
    onDraining: () => {},
    onLost: (one) => lost.push(one),
    onRetry: (retry) => retries.push(retry),
    onEnded: (error) => ended.push(error),
  });
  connection.connect();
  await settle();
});

test("the token goes into the first frame and connected follows the welcome", () => {
  assert.equal(connection.send("early"), false);
  last().welcome();
  assert.deepEqual(hello(), { type: "hello", token: "t-1", protocol: 1 });
  assert.deepEqual(states, ["connecting", "connected"]);
  assert.equal(connection.send("{}"), true);
});

test("back-off doubles up to 20 s under full jitter", () => {
  assert.deepEqual([0, 1, 2, 5, 6, 60].map((n) => backOff(n, true, () => 1)), [500, 1000, 2000, 16_000, 20_000, 20_000]);
  assert.equal(backOff(3, true, () => 0), 0);
});

test("where nobody answers it waits for 2 s at most, but for thirty attempts only", () => {
  assert.deepEqual([0, 1, 2, 29, 30].map((n) => backOff(n, false, () => 1)), [500, 1000, 2000, 2000, 20_000]);
});

test("an attempt that was answered is followed by a longer wait than one that reached nobody", () => {
  const waited: number[] = [];
  for (let n = 0; n < 8; n++) {
    if (n >= 4) last().welcome();
    last().end(1006);
    waited.push(connection.retryInMs!);
    connection.retryNow();
  }
  assert.deepEqual(waited, [250, 500, 1000, 1000, 4000, 8000, 10_000, 10_000]);
});

test("a lost connection comes back after the delay, with the same token", () => {
  last().welcome();
  last().end(1006);
  assert.equal(connection.state, "connecting");
  clock.advance(249);
  assert.equal(sockets.length, 1);
  clock.advance(1);
  assert.equal(sockets.length, 2);
  last().welcome();
  assert.deepEqual(hello(), { type: "hello", token: "t-1", protocol: 1 });
});

test("too many connections is said, and tried again", () => {
  last().end(4003);
  assert.deepEqual([lost[0]?.closeCode, ended, connection.state], [4003, [], "connecting"]);
  clock.advance(250);
  last().welcome();
  assert.equal(connection.state, "connected");
});

test("the delay grows while connections do not last and starts again after 5 s of one", () => {
  for (const delay of [250, 500, 1000]) {
    last().welcome();
    clock.advance(4_999);
    last().end(1006);
    const count = sockets.length;
    clock.advance(delay - 1);
    assert.equal(sockets.length, count);
    clock.advance(1);
    assert.equal(sockets.length, count + 1);
  }
  last().welcome();
  clock.advance(5_000);
  last().end(4000);
  clock.advance(250);
  assert.equal(sockets.length, 5);
});

test("a server that says nothing is given up after 10 s", () => {
  last().onopen?.(null as never);
  clock.advance(10_000);
  assert.equal(sockets[0]!.closedByClient, true);
  clock.advance(250);
  assert.equal(sockets.length, 2);
});

test("retry now does not wait", () => {
  last().end(1006);
  connection.retryNow();
  assert.equal(sockets.length, 2);
  clock.advance(9_999);
  assert.equal(sockets.length, 2);
});

test("a gap in the events' numbers ends the socket, and the event behind it is not shown", () => {
  last().welcome();
  last().pushEvent({ type: "config_applied" });
  last().skipOneEvent();
  last().pushEvent({ type: "config_applied" });
  assert.equal(events.length, 1);
  assert.equal(connection.state, "connecting");
  assert.equal(last().closedByClient, true);
});

test("each connection counts its events from 1", () => {
  for (let n = 0; n < 2; n += 1) {
    last().welcome();
    last().pushEvent({ type: "config_applied" });
    last().end(4002);
    clock.advance(1_000);
  }
  assert.equal(events.length, 2);
});

test("a draining node is left at its time, and its closing before that does not hurry", () => {
  last().welcome();
  last().push({ type: "draining", reconnect_after_ms: 3_000 });
  assert.equal(connection.state, "connected");
  last().end(1012);
  assert.equal(connection.state, "connecting");
  clock.advance(2_999);
  assert.equal(sockets.length, 1);
  clock.advance(1);
  assert.equal(sockets.length, 2);
});

test("a refused token is replaced once, at once", async () => {
  last().end(4401);
  await settle();
  last().welcome();
  assert.deepEqual(hello(), { type: "hello", token: "t-2", protocol: 1 });
  assert.deepEqual(ended, []);
});

test("two refused tokens in a row end it", async () => {
  last().end(4401);
  await settle();
  last().end(4401);
  assert.equal(connection.state, "disconnected");
  assert.deepEqual(codes(), [4401]);
});

test("no token to be had ends it", async () => {
  tokens = [null];
  last().end(4401);
  await settle();
  assert.deepEqual(codes(), [4401]);
});

test("an end before the welcome tells the server's own words", async () => {
  tokens = [null];
  last().push({ type: "reply", id: null, error: { code: "UNAUTHENTICATED", detail: "the token has expired", retryable: false } });
  last().end(4401);
  await settle();
  assert.deepEqual(ended.map((error) => (error as ConnectionEnded).reason), ["the token has expired"]);
});

test("a welcome that is of no use ends it, and is never told as connected", () => {
  last().welcome({}, { role: "producer" });
  assert.ok(ended[0] instanceof WrongRole);
  assert.deepEqual(states, ["connecting", "disconnected"]);
  assert.equal(last().closedByClient, true);
  clock.advance(60_000);
  assert.equal(sockets.length, 1);
});

test("a token service that fails is asked again later", async () => {
  tokens = [new Error("offline"), "t-3"];
  last().end(4401);
  await settle();
  clock.advance(250);
  await settle();
  last().welcome();
  assert.deepEqual(hello(), { type: "hello", token: "t-3", protocol: 1 });
});

for (const code of [1002, 4400, 4403, 4404, 4406, 4429, 4499]) {
  test(`close code ${code} is final`, () => {
    last().welcome();
    last().end(code);
    assert.deepEqual([connection.state, codes()], ["disconnected", [code]]);
    clock.advance(60_000);
    assert.equal(sockets.length, 1);
  });
}

test("after close nothing opens a socket any more, not even a late token", async () => {
  last().end(4401);
  connection.close();
  await settle();
  clock.advance(60_000);
  assert.equal(sockets.length, 1);
  assert.equal(connection.state, "disconnected");
});

test("server time is the welcome's, corrected by the least delayed event", () => {
  last().welcome({}, { server_time_ms: 5_000_000 });
  assert.equal(serverTime.now(), 5_000_000);
  last().pushEvent({ type: "config_applied", at_ms: 5_000_080 });
  last().pushEvent({ type: "config_applied", at_ms: 5_000_020 });
  clock.advance(1_000);
  assert.equal(serverTime.now(), 5_001_080);
});

test("an event without an instant is as old as its position, and no countdown is harmed", () => {
  last().welcome({}, { server_time_ms: 5_000_000 });
  last().push({ type: "workspace_changed", seq: 1, position: "5000030-2", changes: {} });
  assert.equal(serverTime.now(), 5_000_030);
});

test("a loss tells when the next attempt comes, and so does each attempt that failed", () => {
  last().welcome();
  last().end(1006);
  assert.deepEqual([lost, retries], [[{ closeCode: 1006, reason: "", retryInMs: 250 }], [{ attempt: 1, inMs: 250 }]]);
  clock.advance(100);
  assert.equal(connection.retryInMs, 150);
  clock.advance(150);
  assert.equal(connection.retryInMs, null);
  last().end(1006);
  assert.deepEqual(retries.at(-1), { attempt: 2, inMs: 500 });
});

test("a frame that is not JSON ends it: whoever speaks there is no server of ours", () => {
  last().onmessage?.({ data: "<html>" as never });
  assert.deepEqual(codes(), [1002]);
});

test("another version of the protocol ends it", () => {
  last().welcome({}, { protocol: 2 });
  assert.deepEqual(codes(), [4406]);
});

test("whoever closes it while being told of a loss stays away", () => {
  last().welcome();
  hears = (state) => state === "connecting" && connection.close();
  last().end(1006);
  clock.advance(60_000);
  assert.deepEqual([sockets.length, states.at(-1), retries], [1, "disconnected", []]);
});
