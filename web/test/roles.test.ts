import assert from "node:assert/strict";
import { test } from "node:test";
import { Administrator } from "../src/sdk/administrator";
import { CommandRefused, NotSent, OutcomeUnknown } from "../src/sdk/errors";
import { Producer } from "../src/sdk/producer";
import { Supervisor } from "../src/sdk/supervisor";
import { aCase, settle } from "./fakes";
import { World } from "./world";

const seen = aCase("c-1", { baton: "b.7" });

async function connected(): Promise<World> {
  const world = new World();
  await world.open({}, { role: "admin" });
  return world;
}

type Move = readonly [method: string, args: readonly unknown[], command: { type: string } & Record<string, unknown>];

const STEERING: readonly Move[] = [
  ["assign", ["c-1", "bo", { overCapacity: true, reason: "vip" }], { type: "assign_case", agent: "bo", over_capacity: true, reason: "vip", case: "c-1", baton: "any" }],
  ["assign", [seen, "bo"], { type: "assign_case", agent: "bo", case: "c-1", baton: "b.7" }],
  ["return", ["c-1", "sent home", "front"], { type: "return_case", reason: "sent home", place: "front", case: "c-1", baton: "any" }],
  ["complete", ["c-1", "solved"], { type: "complete_case", disposition: "solved", case: "c-1", baton: "any" }],
  ["transfer", ["c-1", "support"], { type: "transfer_case", queue: "support", case: "c-1", baton: "any" }],
  ["cancel", ["c-1", "spam"], { type: "cancel_case", reason: "spam", case: "c-1", baton: "any" }],
  ["revoke", [seen, "vip first"], { type: "revoke_offer", reason: "vip first", case: "c-1", baton: "b.7" }],
  ["resume", ["c-1"], { type: "resume_case", case: "c-1", baton: "any" }],
  ["reopen", ["c-1", { preferredMs: 5 }], { type: "reopen_case", preferred_ms: 5, case: "c-1", baton: "any" }],
  ["update", ["c-1", { priority: 1, window: {} }], { type: "update_case", priority: 1, window: {}, case: "c-1", baton: "any" }],
  ["setStage", ["c-1", "travelling"], { type: "set_stage", stage: "travelling", case: "c-1", baton: "any" }],
  ["addNote", ["c-1", "Hello"], { type: "add_note", text: "Hello", case: "c-1", baton: "any" }],
  ["drainAgent", ["bo"], { type: "drain_agent", agent: "bo" }],
  ["requeueAgent", ["bo", "sick"], { type: "requeue_agent", agent: "bo", reason: "sick" }],
  ["answerFlag", ["bo", "Coming"], { type: "answer_flag", agent: "bo", text: "Coming" }],
  ["setAgent", ["bo", { capacity: 4 }], { type: "set_agent", agent: "bo", capacity: 4 }],
  ["pauseQueue", ["billing", "meeting"], { type: "pause_queue", queue: "billing", reason: "meeting" }],
  ["drainQueue", ["billing"], { type: "drain_queue", queue: "billing" }],
  ["resumeQueue", ["billing"], { type: "resume_queue", queue: "billing" }],
  ["previewConfig", [{}, { previous: 4 }], { type: "apply_config", document: {}, previous: 4, dry_run: true }],
  ["config", [3], { type: "read_config", version: 3 }],
];
const PRODUCING: readonly Move[] = [
  ["submit", [{ queue: "billing", subject: "Hi" }], { type: "submit_case", queue: "billing", subject: "Hi" }],
  ["abandon", ["c-1"], { type: "abandon_case", case: "c-1", baton: "any" }],
];
const ADMINISTERING: readonly Move[] = [
  ["applyConfig", [{ queues: {} }, { previous: 3 }], { type: "apply_config", document: { queues: {} }, previous: 3 }],
  ["previewConfig", [{}], { type: "apply_config", document: {}, dry_run: true }],
  ["rollbackConfig", [3], { type: "rollback_config", version: 3 }],
  ["previewRollback", [3], { type: "rollback_config", version: 3, dry_run: true }],
  ["putRoster", [[{ agent: "bo" }], { removeMissing: true, dryRun: true }], { type: "put_roster", rows: [{ agent: "bo" }], remove_missing: true, dry_run: true }],
  ["removeAgent", ["bo"], { type: "remove_agent", agent: "bo" }],
  ["eraseCustomer", ["acme"], { type: "erase_customer", customer: "acme" }],
];

for (const [Role, moves] of [[Supervisor, STEERING], [Producer, PRODUCING], [Administrator, ADMINISTERING]] as const) {
  for (const [method, args, command] of moves) {
    test(`${Role.name}.${method}(${JSON.stringify(args).slice(1, -1).slice(0, 60)}) sends ${command.type}`, async () => {
      const world = await connected();
      const role = new Role(world.client) as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>;
      const moved = role[method]!(...args);
      const [frame] = world.socket.sent(command.type);
      assert.deepEqual({ ...frame, id: "" }, { ...command, id: "" });
      world.socket.accept(command.type, { case: "c-1" });
      await moved;
    });
  }
}

test("versions and the roster come as lists", async () => {
  const world = await connected();
  const supervisor = new Supervisor(world.client);
  const [versions, roster] = [supervisor.configVersions(), supervisor.roster()];
  world.socket.accept("read_config_versions", { items: [{ version: 4 }] });
  world.socket.accept("read_roster", { items: [{ agent: "bo" }] });
  assert.deepEqual([(await versions)[0]?.version, (await roster)[0]?.agent], [4, "bo"]);
});

test("many cases go in batches of a hundred, each with an id of its own and a result in its place", async () => {
  const world = await connected();
  const targets = Array.from({ length: 101 }, (_, n) => `c-${n}`);
  const many = new Supervisor(world.client).onMany("assign", targets, { agent: "bo" });
  await settle();
  const items = JSON.parse(world.asked[0]!.body!) as Record<string, string>[];
  assert.equal(world.asked[0]!.url, "http://here/v1/acme/cases/assign");
  assert.deepEqual([items.length, new Set(items.map(({ id }) => id)).size], [100, 100]);
  assert.deepEqual({ ...items[7], id: "" }, { agent: "bo", case: "c-7", baton: "any", id: "" });
  const error = { code: "NO_ROOM", detail: "full", retryable: false };
  await world.asked[0]!.answer({ results: items.map(({ case: one }, n) => (n === 3 ? { error } : { ok: { case: one }, position: "1-0" })) }, 207);
  await settle();
  await world.asked[1]!.answer({ results: [{ ok: { case: "c-100" }, position: "1-0" }] }, 207);
  const results = await many;
  assert.equal(results.length, 101);
  assert.deepEqual([results[2], (results[3] as CommandRefused).code, results[100]], [{ case: "c-2" }, "NO_ROOM", { case: "c-100" }]);
});

test("when a batch is not answered its cases are unknown, and the rest was not sent", async () => {
  const world = await connected();
  const many = new Supervisor(world.client).onMany("resume", Array.from({ length: 150 }, (_, n) => `c-${n}`), {});
  await settle();
  await world.asked[0]!.fail();
  const results = await many;
  assert.deepEqual([results[99]!.constructor, results[100]!.constructor, results.length], [OutcomeUnknown, NotSent, 150]);
});

test("a document that is larger than a frame goes over HTTP", async () => {
  const world = await connected();
  const admin = new Administrator(world.client);
  const document = { note: "x".repeat(70_000) };
  const applied = admin.previewConfig(document, { previous: 3 });
  await settle();
  const [asked] = world.asked;
  assert.deepEqual([asked?.method, asked?.url, asked?.headers["If-Match"]], ["PUT", "http://here/v1/acme/config?dry_run=1", '"3"']);
  await asked!.answer({ version: 3, is_unchanged: false, structure: [], agents: {} });
  assert.deepEqual((await applied).refusals, []);
  const put = admin.putRoster([{ agent: "bo", name: "x".repeat(70_000) }], { removeMissing: true });
  await settle();
  assert.equal(world.asked[1]!.url, "http://here/v1/acme/roster?remove_missing=1");
  await world.asked[1]!.answer({ results: [] });
  assert.deepEqual((await put).warnings, []);
});
