import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "./fakes";
import { World } from "./world";

test("after 15 s of silence the server is asked for a sign of life, by what costs it nothing", async () => {
  const { client, clock, socket } = await connected();
  clock.advance(14_999);
  assert.equal(socket.sent("ping").length, 0);
  clock.advance(1);
  assert.equal(socket.sent("ping").length, 1);
  socket.accept("ping");
  await settle();
  clock.advance(14_999);
  assert.equal(socket.sent("ping").length, 1);
  assert.equal(client.state, "connected");
});

test("a link on which something comes is not asked", async () => {
  const { clock, socket } = await connected();
  for (let n = 0; n < 5; n += 1) {
    clock.advance(10_000);
    socket.pushEvent({ type: "config_applied", position: "200-0" });
  }
  assert.equal(socket.sent("ping").length, 0);
});

test("a link that stays silent is dropped 5 s later, and made anew", async () => {
  const { client, clock, socket } = await connected();
  clock.advance(20_000);
  await settle();
  assert.equal(socket.closedByClient, true);
  assert.equal(client.state, "connecting");
});

test("whoever asks is told whether somebody is there; a refusal is an answer, too", async () => {
  const { client, socket, clock } = await connected();
  const asked = client.probe();
  assert.equal(client.probe(), asked);
  socket.refuse("ping", "INVALID");
  assert.equal(await asked, true);
  const again = client.probe();
  clock.advance(5_000);
  assert.equal(await again, false);
  assert.equal(await client.probe(), false);
});

async function connected(): Promise<World> {
  const world = new World();
  await world.open();
  return world;
}
