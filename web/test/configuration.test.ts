import assert from "node:assert/strict";
import { test } from "node:test";
import { Supervisor } from "../src/sdk/index";
import { Configuration } from "../src/supervisor/configuration";
import { settle } from "./fakes";
import { World } from "./world";

const config = (statuses: object): object => ({ version: 1, at_ms: 0, actor: "admin:ann", digest: "", document: { statuses } });
const statusesOf = ({ rules }: Configuration): unknown => rules?.statuses;

test("it is read when somebody first asks, and anew when another comes into force", async () => {
  const world = new World();
  await world.open({}, { role: "supervisor" });
  const configuration = new Configuration(new Supervisor(world.client));
  world.socket.pushEvent({ type: "config_applied", position: "200-0", config: 1 });
  assert.equal(world.socket.sent("read_config").length, 0);
  assert.equal(statusesOf(configuration), undefined);
  world.socket.accept("read_config", config({ lunch: { kind: "busy" } }));
  await settle();
  assert.deepEqual(statusesOf(configuration), { lunch: { kind: "busy" } });
  world.socket.pushEvent({ type: "config_applied", position: "300-0", config: 2 });
  world.socket.accept("read_config", config({}));
  await settle();
  assert.deepEqual(statusesOf(configuration), {});
});

test("with another connection it is read again, and not after it is closed", async () => {
  const world = new World();
  await world.open({}, { role: "supervisor" });
  const configuration = new Configuration(new Supervisor(world.client));
  assert.equal(statusesOf(configuration), undefined);
  world.socket.accept("read_config", config({}));
  await settle();
  await world.lose();
  world.socket.welcome({}, { role: "supervisor" });
  assert.equal(world.socket.sent("read_config").length, 1);
  configuration.close();
  world.socket.pushEvent({ type: "config_applied", position: "300-0", config: 2 });
  assert.equal(world.socket.sent("read_config").length, 1);
});
