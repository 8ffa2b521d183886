import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ServerTime } from "../src/sdk/clock";
import type { ConnectionState, Ended } from "../src/sdk/connection";
import { Connection, backOff } from "../src/sdk/connection";
import type { Event } from "../src/sdk/messages";
import { FakeSocket, HandClock, settle } from "./fakes";

let clock: HandClock;
let sockets: FakeSocket[];
let states: ConnectionState[];
let events: Event[];
let ended: Ended[];
let lost: number[];
let tokens: (string | null | Error)[];
let serverTime: ServerTime;
let connection: Connection;

const last = (): FakeSocket => sockets.at(-1)!;
const hello = (): unknown => last().received[0];

beforeEach(async () => {
  [clock, sockets, states, events, ended, lost, tokens] = [new HandClock(), [], [], [], [], [], ["t-1", "t-2"]];
  serverTime = new ServerTime(clock);
  const openSocket = (): FakeSocket => sockets[sockets.push(new FakeSocket()) - 1]!;
  const getToken = async (): Promise<string | null> => {
    const token = tokens.shift() ?? null;
    if (token instanceof Error) throw token;
    return token;
  };
  connection = new Connection({ url: "ws://here", getToken, openSocket, clock, serverTime, random: () => 0.5 }, {
    onState: (state) => states.push(state),
    onWelcome: () => {},
    onEvent: (event) => events.push(event),
    onReply: () => {},
    onLost: (code) => lost.push(code),
    onEnded: (end) => ended.push(end),
  });
  connection.connect();
  await settle();
});

test("the token goes into the first frame and connected follows the welcome", () => {
  assert.equal(connection.send({ type: "early" }), false);
  last().welcome();
  assert.deepEqual(hello(), { type: "hello", token: "t-1", protocol: 1 });
  assert.deepEqual(states, ["connecting", "connected"]);
  assert.equal(connection.send({ type: "now" }), true);
});

test("back-off doubles up to 20 s under full jitter", () => {
  assert.deepEqual([0, 1, 2, 5, 6, 60].map((n) => backOff(n, () => 1)), [500, 1000, 2000, 16_000, 20_000, 20_000]);
  assert.equal(backOff(3, () => 0), 0);
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
  assert.deepEqual([lost, ended, connection.state], [[4003], [], "connecting"]);
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
  last().onopen?.();
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
  assert.equal(ended[0]?.code, 4401);
});

test("no token to be had ends it", async () => {
  tokens = [null];
  last().end(4401);
  await settle();
  assert.deepEqual(ended.map(({ code }) => code), [4401]);
});

test("an end before the welcome tells the server's own words", async () => {
  tokens = [null];
  last().push({ type: "reply", id: null, error: { code: "UNAUTHENTICATED", detail: "the token has expired", retryable: false } });
  last().end(4401);
  await settle();
  assert.deepEqual(ended, [{ code: 4401, reason: "the token has expired" }]);
});

test("a token of another role than an agent's ends it", () => {
  last().push({ type: "welcome", role: "producer", server_time_ms: 0, snapshot: {}, position: "1-0" });
  assert.equal(ended[0]?.code, 4403);
  assert.match(ended[0]!.reason, /producer/);
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

for (const code of [4400, 4403, 4404, 4406, 4429]) {
  test(`close code ${code} is final`, () => {
    last().welcome();
    last().end(code);
    assert.deepEqual([connection.state, ended[0]?.code], ["disconnected", code]);
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
  last().welcome({}, 5_000_000);
  assert.equal(serverTime.now(), 5_000_000);
  last().pushEvent({ type: "config_applied", at_ms: 5_000_080 });
  last().pushEvent({ type: "config_applied", at_ms: 5_000_020 });
  clock.advance(1_000);
  assert.equal(serverTime.now(), 5_001_080);
});
