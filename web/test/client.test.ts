import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent } from "../src/sdk/agent";
import { Client } from "../src/sdk/client";
import { ConnectionEnded, NotSent, OutcomeUnknown, WrongRole } from "../src/sdk/errors";
import { Supervisor } from "../src/sdk/supervisor";
import type { Event } from "../src/sdk/types";
import { settle } from "./fakes";
import { World } from "./world";

test("the socket's address follows from the server's, with its path", async () => {
  const addresses: string[] = [];
  for (const url of ["https://host", "http://host:8000/", "https://host/casebaton/"]) {
    const world = new World({ url, workspace: "my shop", openSocket: (address) => (addresses.push(address), {} as never) });
    void world.client.open().catch(() => {});
    await settle();
  }
  assert.deepEqual(addresses, [
    "wss://host/v1/my%20shop/ws", "ws://host:8000/v1/my%20shop/ws", "wss://host/casebaton/v1/my%20shop/ws",
  ]);
});

test("what cannot work is said at once", () => {
  const given = { url: "https://host", workspace: "acme", openSocket: () => ({}) as never };
  assert.throws(() => new Client(given), /needs a token or getToken/);
  assert.throws(() => new Client({ ...given, token: "t", url: "localhost:8000" }), TypeError);
  assert.throws(() => new Client({ ...given, token: "t", url: "no address" }), TypeError);
});

test("where there is no WebSocket, the flag of Node 20 that brings one is named", (context) => {
  const had = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  context.after(() => had && Object.defineProperty(globalThis, "WebSocket", had));
  Reflect.deleteProperty(globalThis, "WebSocket");
  assert.throws(() => new Client({ url: "https://host", workspace: "acme", token: "t" }), /--experimental-websocket/);
});

test("open resolves when everything is known, and says who one is", async () => {
  const world = new World();
  assert.deepEqual([world.client.role, world.client.subject, world.client.scope], ["", "", null]);
  await world.open({}, { scope: { queues: ["billing"], teams: [] } } as never);
  const { state, role, subject, scope, welcome } = world.client;
  assert.deepEqual([state, role, subject, scope], ["connected", "agent", "ana", { queues: ["billing"], teams: [] }]);
  assert.equal(welcome?.heartbeat_ms, 15_000);
  await world.client.open();
});

test("a final refusal rejects open and every command after it, until it is opened anew", async () => {
  const world = new World();
  const opened = world.client.open();
  world.socket.end(4404);
  await assert.rejects(opened, (error) => error instanceof ConnectionEnded && error.closeCode === 4404);
  await assert.rejects(world.client.send({ type: "read_config" }), ConnectionEnded);
  await world.open();
  assert.deepEqual([world.client.state, world.client.ended], ["connected", null]);
});

test("closing rejects an open that is under way, and what is unanswered", async () => {
  const world = new World();
  const opened = world.client.open();
  world.client.close();
  await assert.rejects(opened, NotSent);
  await world.open();
  const asked = world.client.send({ type: "read_config" });
  world.client.close();
  await assert.rejects(asked, OutcomeUnknown);
});

test("a role that may not do what was asked for ends the connection", async () => {
  const world = new World();
  new Agent(world.client);
  const opened = world.client.open();
  world.socket.welcome({}, { role: "supervisor" });
  await assert.rejects(opened, (error) => error instanceof WrongRole && error.role === "supervisor");
  assert.equal(world.client.state, "disconnected");
});

test("whoever asks for another role while connected is told at once, and nothing ends", async () => {
  const world = new World();
  await world.open({}, { role: "producer" });
  assert.throws(() => new Supervisor(world.client), WrongRole);
  assert.equal(world.client.state, "connected");
});

test("an admin is a supervisor, too", async () => {
  const world = new World();
  new Supervisor(world.client);
  await world.open({}, { role: "admin" });
  assert.equal(world.client.state, "connected");
});

test("the snapshot is told before the state, and a loss before the next attempt", async () => {
  const world = new World();
  const heard: string[] = [];
  world.client.on("state", (state) => heard.push(state));
  world.client.on("snapshot", () => heard.push("snapshot"));
  world.client.on("lost", ({ closeCode, retryInMs }) => heard.push(`lost ${closeCode} ${retryInMs}`));
  world.client.on("retry", ({ attempt, inMs }) => heard.push(`retry ${attempt} ${inMs}`));
  await world.open();
  world.socket.end(1006);
  assert.deepEqual(heard, ["connecting", "snapshot", "connected", "connecting", "lost 1006 250", "retry 1 250"]);
  assert.equal(world.client.retryInMs, 250);
});

test("a node that stops says so, and when to come back", async () => {
  const world = new World();
  const heard: unknown[] = [];
  world.client.on("draining", ({ reconnect_after_ms }) => heard.push(reconnect_after_ms));
  world.client.on("retry", (retry) => heard.push(retry));
  await world.open();
  world.socket.push({ type: "draining", reconnect_after_ms: 3_000 });
  world.socket.end(1012);
  assert.deepEqual(heard, [3_000, { attempt: 1, inMs: 3_000 }]);
});

test("events of unknown types are handed on", async () => {
  const world = new World();
  const events: Event[] = [];
  world.client.on("event", (event) => events.push(event));
  await world.open();
  world.socket.pushEvent({ type: "from_the_future", position: "200-0", whatever: 7 });
  assert.equal((events[0] as unknown as { whatever: number }).whatever, 7);
});

test("a listener that throws keeps neither the others nor the next event from being told", async (t) => {
  t.mock.method(console, "error", () => {});
  const world = new World();
  let heard = 0;
  world.client.on("event", () => {
    throw new Error("mine");
  });
  world.client.on("event", () => (heard += 1));
  await world.open();
  world.socket.pushEvent({ type: "config_applied", position: "200-0" });
  world.socket.pushEvent({ type: "config_applied", position: "201-0" });
  assert.equal(heard, 2);
});

test("a newer token is handed over, and used from then on", async () => {
  const world = new World();
  await world.open();
  const handed = world.client.refreshToken("t-2");
  assert.equal(world.socket.sent("refresh_token")[0]?.["token"], "t-2");
  world.socket.accept("refresh_token");
  await handed;
  await world.lose();
  world.socket.onopen?.(null as never);
  assert.equal(world.socket.received[0]?.["token"], "t-2");
});

test("after 10 s without an answer the outcome is unknown and the connection is made anew", async () => {
  const world = new World();
  await world.open();
  const asked = world.client.send({ type: "read_config" });
  world.clock.advance(10_000);
  await assert.rejects(asked, OutcomeUnknown);
  assert.equal(world.client.state, "connecting");
});
