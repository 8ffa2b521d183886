import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { CommandRefused, NotSent, OutcomeUnknown } from "../src/sdk/errors";
import { findEnded, readReport, readReportCsv } from "../src/sdk/reports";
import { aCase, settle } from "./fakes";
import { World } from "./world";

let world: World;
beforeEach(() => (world = new World()));

const refusal = { code: "CASE_NOT_FOUND", detail: "no such case", retryable: false, status: 404 };

test("a read carries the token in its header, and its ids safely in the path", async () => {
  const read = world.client.http.case("a/b");
  await settle();
  const [asked] = world.asked;
  assert.deepEqual([asked?.method, asked?.url], ["GET", "http://here/v1/acme/cases/a%2Fb"]);
  assert.equal(asked?.headers["Authorization"], "Bearer t-1");
  await asked!.answer({ case: "a/b", state: "waiting", data: { order: 7 } });
  const one = await read;
  assert.deepEqual([one.data, one.notes, one.wake_pending], [{ order: 7 }, 0, false]);
});

test("a change carries its command id and its body", async () => {
  const changed = world.client.http.change("PATCH", "agents/ana", { capacity: 4 }, { id: "k-1", query: { dry: 1, none: undefined } });
  await settle();
  const [asked] = world.asked;
  assert.deepEqual([asked?.method, asked?.url, asked?.body], ["PATCH", "http://here/v1/acme/agents/ana?dry=1", '{"capacity":4}']);
  assert.equal(asked?.headers["Idempotency-Key"], "k-1");
  await asked!.answer({ ok: {} });
  await changed;
});

test("a problem document is a refusal with its code", async () => {
  const read = world.client.http.case("c-1");
  await settle();
  const stop = assert.rejects(read, (error) => error instanceof CommandRefused && error.code === "CASE_NOT_FOUND");
  await world.asked[0]!.answer(refusal, 404);
  await stop;
});

test("a read that nobody answers was not sent, a change may have been", async () => {
  const [read, changed] = [world.client.http.queues(), world.client.http.change("POST", "cases", {})];
  await settle();
  const stops = [assert.rejects(read, NotSent), assert.rejects(changed, OutcomeUnknown)];
  await world.asked[0]!.fail();
  await world.asked[1]!.fail();
  await Promise.all(stops);
});

test("an answer that is not ours is named by its status", async () => {
  const [read, changed, unknown] = [world.client.http.queues(), world.client.http.change("POST", "cases", {}), world.client.http.get("nowhere")];
  await settle();
  const stops = [
    assert.rejects(read, (error) => error instanceof NotSent && /502/.test(error.detail)),
    assert.rejects(changed, (error) => error instanceof OutcomeUnknown && /502/.test(error.detail)),
    assert.rejects(unknown, (error) => error instanceof CommandRefused && error.code === "HTTP_404"),
  ];
  await world.asked[0]!.answer(null, 502);
  await world.asked[1]!.answer(null, 502);
  await world.asked[2]!.answer(null, 404);
  await Promise.all(stops);
});

test("a refused token is replaced once, and the request made again under the same id", async () => {
  const tokens = ["t-1", "t-2"];
  world = new World({ getToken: async () => tokens.shift() ?? null, ...({ token: undefined } as object) });
  const changed = world.client.http.change("POST", "cases/c-1/cancel", { reason: "withdrawn" });
  await settle();
  await world.asked[0]!.answer({ code: "UNAUTHENTICATED" }, 401);
  await settle();
  const [first, second] = world.asked;
  assert.equal(second?.headers["Authorization"], "Bearer t-2");
  assert.equal(second?.headers["Idempotency-Key"], first?.headers["Idempotency-Key"]);
  const stop = assert.rejects(changed, (error) => error instanceof CommandRefused && error.code === "UNAUTHENTICATED");
  await second!.answer({ code: "UNAUTHENTICATED" }, 401);
  await stop;
});

test("a request that takes too long is given up", async () => {
  const read = world.client.http.queues();
  await settle();
  const { signal } = world.asked[0] as unknown as { signal: AbortSignal };
  world.clock.advance(10_000);
  assert.equal(signal.aborted, true);
  const stop = assert.rejects(read, NotSent);
  await world.asked[0]!.fail();
  await stop;
});

test("pages of cases, agents and lines come with what the server left out", async () => {
  const { http } = world.client;
  const reads = Promise.all([http.cases({ customer: "Ann" }), http.agents({ limit: 2 }), http.line("billing", { cursor: "1:c" }), http.notes("c-1"), http.queues()]);
  await settle();
  assert.deepEqual(world.asked.map(({ url }) => url.replace("http://here/v1/acme/", "")), [
    "cases?customer=Ann", "agents?limit=2", "queues/billing/cases?cursor=1%3Ac", "cases/c-1/notes", "queues",
  ]);
  const items = [[{ case: "c-1" }], [{ agent: "ana" }], [], [{ number: 1 }], [{ queue: "billing" }]];
  for (const [index, asked] of world.asked.entries()) await asked.answer({ items: items[index], cases: [{ case: "c-2" }], next_cursor: "x" });
  const [cases, agents, line, notes, queues] = await reads;
  assert.deepEqual([cases.items[0]?.notes, cases.next_cursor, agents.items[0]?.missed], [0, "x", 0]);
  assert.deepEqual([line.cases[0]?.wake_pending, notes[0]?.number, queues[0]?.open], [false, 1, true]);
});

test("an agent is read as a snapshot", async () => {
  const read = world.client.http.agent("bo");
  await settle();
  await world.asked[0]!.answer({ at_ms: 5, agent: { agent: "bo", flag: null }, offers: [], desk: [aCase("c-1")], queues: [], statuses: [] });
  const { agent, desk } = await read;
  assert.deepEqual([agent.missed, "flag" in agent, desk[0]?.case], [0, false, "c-1"]);
});

test("a report is asked for by name, with what it is of; as text where a file is wanted", async () => {
  const { client } = world;
  const [found, csv] = [readReport(client, "queues", { period: "today", queue: "a b", compare: true }), readReportCsv(client, "queues", { by: "" })];
  await settle();
  const [report, file] = world.asked;
  assert.equal(report?.url, "http://here/v1/acme/reports/queues?period=today&queue=a%20b&compare=1");
  assert.deepEqual([file?.url, file?.headers["Accept"]], ["http://here/v1/acme/reports/queues?by=", "text/csv"]);
  await report!.answer({ report: "queues", rows: [] });
  await file!.answer("queue,arrived\r\n");
  assert.deepEqual([(await found).notes, (await found).advice, await csv], [[], [], "queue,arrived\r\n"]);
});

test("a report has a minute, and one that is refused says why", async () => {
  const reads = [readReport(world.client, "queues", {}), readReportCsv(world.client, "mood", {})];
  const stops = [assert.rejects(reads[0]!, NotSent), assert.rejects(reads[1]!, (error) => error instanceof CommandRefused && error.code === "NO_SUCH_PAGE")];
  await settle();
  await world.asked[1]!.answer({ code: "NO_SUCH_PAGE" }, 404);
  const { signal } = world.asked[0] as unknown as { signal: AbortSignal };
  world.clock.advance(60_000);
  assert.ok(!signal.aborted);
  world.clock.advance(10_000);
  assert.ok(signal.aborted);
  await world.asked[0]!.fail();
  await Promise.all(stops);
});

test("ended cases are asked for with the words in the body, and an answer that does not come has changed nothing", async () => {
  const [found, lost] = [findEnded(world.client, "acme lamp", 5), findEnded(world.client, "lamp")];
  await settle();
  const [asked] = world.asked;
  assert.deepEqual([asked?.method, asked?.url, asked?.body], ["POST", "http://here/v1/acme/history/search", '{"text":"acme lamp","limit":5}']);
  await asked!.answer({ items: [{ case: "c-1", ended_how: "closed" }] });
  const { items, more } = await found;
  assert.deepEqual([items[0]?.case, items[0]?.subject, more], ["c-1", "", false]);
  const stop = assert.rejects(lost, NotSent);
  await world.asked[1]!.fail();
  await stop;
});
