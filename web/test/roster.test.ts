import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, daysFromLines, daysToLines, fieldsOf, personOf } from "../src/supervisor/roster/person";
import { readRows, rowsCsv } from "../src/supervisor/roster/rows";

const ana = personOf({ agent: "ana", name: 'Ana "A", north', team: "north", queues: ["billing", "support"], skills: { german: 3, loans: 1 }, skill_dates: { loans: { since: "2026-01-01", until: "2026-12-31" } }, tiers: { billing: 1 }, auto_accept: true });
const bo = personOf({ agent: "bo", name: "Bo" });

test("what is exported is read again as it was", () => {
  const { rows, lines } = readRows(rowsCsv([ana, bo])) as { rows: object[]; lines: number[] };
  assert.deepEqual(rows[0], ana);
  const { team: _none, ...rest } = bo; // an empty cell leaves the team as it is
  assert.deepEqual(rows[1], rest);
  assert.deepEqual(lines, [2, 3]);
});

test("an old name that is a formula is exported as none, and read back as it was", () => {
  const [name, team] = ['=HYPER("x")', "'\uff1dt"];
  const text = rowsCsv([personOf({ agent: "ana", name, team, queues: ["billing"] })]);
  assert.ok(text.includes(`\r\nana,"'=HYPER(""x"")",''\uff1dt,`), text);
  const { rows } = readRows(text) as { rows: Record<string, unknown>[] };
  assert.deepEqual([rows[0]?.name, rows[0]?.team], [name, team]);
});

test("an empty cell leaves what is there, and a dash is none", () => {
  assert.deepEqual(readRows("agent,queues,skills,capacity\nana,-,,\n"), { rows: [{ agent: "ana", queues: [] }], lines: [2] });
});

test("a value that is wrong stays as it is: the server names it", () => {
  assert.deepEqual(readRows("agent,capacity,skills\r\nana,many,german=x\r\n"), { rows: [{ agent: "ana", capacity: "many", skills: { german: "x" } }], lines: [2] });
});

test("a text that is no roster is refused with its line", () => {
  assert.deepEqual(readRows("name\nAna\n"), { line: 1, flaw: "no_agent" });
  assert.deepEqual(readRows("agent,nmae\nana,Ana\n"), { line: 1, flaw: "column", name: "nmae" });
  assert.deepEqual(readRows('agent,name\nana,"Ana\n'), { line: 2, flaw: "quote" });
  assert.deepEqual(readRows("agent\n"), { line: 1, flaw: "empty" });
});

test("rows come as JSON, too, and lines of a cell count", () => {
  assert.deepEqual(readRows('[{"agent": "ana"}]'), { rows: [{ agent: "ana" }], lines: [1] });
  assert.deepEqual(readRows('agent,name\nana,"A\nB"\nbo,Bo'), { rows: [{ agent: "ana", name: "A\nB" }, { agent: "bo", name: "Bo" }], lines: [2, 4] });
});

test("only what differs is sent, skills with their dates", () => {
  assert.deepEqual(changesOf(ana, ana), {});
  assert.deepEqual(changesOf(ana, { ...ana, capacity: 4, queues: ["support", "billing"] }), { capacity: 4 });
  assert.deepEqual(changesOf(ana, { ...ana, skills: { loans: 1 } }), { skills: { loans: 1 }, skill_dates: ana.skill_dates });
});

test("a supervisor's change has instants for days, and neither name nor team", () => {
  const changes = { name: "X", team: "Y", skills: { loans: 1 }, skill_dates: { loans: { since: "2026-01-01" } } };
  assert.deepEqual(fieldsOf(changes), { skills: { loans: 1 }, skill_dates: { loans: { since_ms: Date.UTC(2026, 0, 1) } } });
});

test("days of skills are written one a line", () => {
  assert.equal(daysToLines(ana.skill_dates), "loans 2026-01-01~2026-12-31");
  assert.deepEqual(daysFromLines("loans 2026-01-01~2026-12-31\ngerman ~2026-06-30"), { ...ana.skill_dates, german: { until: "2026-06-30" } });
  assert.deepEqual(daysFromLines("loans since May"), { wrong: "loans since May" });
});
