import assert from "node:assert/strict";
import { test } from "node:test";
import { Supervisor } from "../src/sdk/supervisor";
import { settle } from "./fakes";
import { World } from "./world";

async function supervisor(): Promise<[Supervisor, World]> {
  const world = new World();
  await world.open({}, { role: "supervisor" });
  return [new Supervisor(world.client), world];
}

test("colleagues are looked for by the case, and by what their names begin with", async () => {
  const [sue, world] = await supervisor();
  const found = sue.findColleagues("c-1", { text: "bo", limit: 5 });
  const [{ id: _id, ...asked } = {}] = world.socket.sent("find_colleagues");
  assert.deepEqual(asked, { type: "find_colleagues", case: "c-1", text: "bo", limit: 5 });
  world.socket.accept("find_colleagues", { items: [{ agent: "bo", name: "Bo" }], more: true });
  assert.deepEqual([(await found).items[0]?.name, (await found).more], ["Bo", true]);
});

test("names are read fifty at a time, and who is not there is left out", async () => {
  const [sue, world] = await supervisor();
  const names = sue.names(Array.from({ length: 51 }, (_, n) => `a-${n}`));
  world.socket.accept("read_names", { items: [{ agent: "a-1", name: "Ann", team: "north" }] });
  await settle();
  assert.deepEqual(world.socket.sent("read_names").map(({ agents }) => agents.length), [50, 1]);
  world.socket.accept("read_names", { items: [{ agent: "a-50", name: "Zoe", team: "north" }] });
  assert.deepEqual([...(await names)].map(([id, { name }]) => [id, name]), [["a-1", "Ann"], ["a-50", "Zoe"]]);
});
