import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report, ReportRow } from "../src/sdk/index.ts";
import { askedOf, dayAfter, fileName, intervalOf, intervalOfRows, queryFor, spanOf, tableQuery } from "../src/supervisor/reports/asked";
import { binsOf, placeOf, sharesUpTo } from "../src/supervisor/reports/bins";
import { beforeRows, hasMore, keysOf, meaningIn, meaningOf, reasonText, shownColumns, sortedRows, titleOf } from "../src/supervisor/reports/columns";
import { grouped, sumOf } from "../src/supervisor/reports/groups";
import { dateIn, intervalsOf, longNamer, namer } from "../src/supervisor/reports/intervals";
import { lacksOf } from "../src/supervisor/reports/lacks";
import { isLater } from "../src/supervisor/reports/later";
import { nothingOf } from "../src/supervisor/reports/nothing";
import { spanText, zoneNames } from "../src/supervisor/reports/span";
import { timesOf } from "../src/supervisor/reports/times";
import { formatLength, formatMean, formatPart, formatValue } from "../src/supervisor/reports/values";

const asked = (id: string, query: Record<string, string> = {}) => askedOf({ id, query }, "Europe/Berlin");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NIGHT = Date.UTC(2026, 10, 24, 23); // midnight of the 25th in Berlin

test("an address without a word asks for today's waiting, by queue, by the reader's clocks", () => {
  assert.deepEqual(tableQuery(asked("")), { period: "today", zone: "Europe/Berlin", by: "queue" });
  assert.equal(asked("nothing-such").report, "service");
});

test("what another report asks, or nobody knows, is as usual", () => {
  const { by, interval, isCompared, team } = asked("ageing", { by: "mood", interval: "hour", compare: "1", team: "north" });
  assert.deepEqual([by, interval, isCompared, team], ["queue", "", false, "north"]);
  assert.equal(asked("service", { team: "north" }).team, "");
});

test("days are meant with the last one; the server's end is not included", () => {
  const dates = asked("service", { period: "dates", from: "2026-10-25", until: "2026-10-31" });
  assert.deepEqual(spanOf(dates), { from: "2026-10-25", until: "2026-11-01", zone: "Europe/Berlin" });
  assert.equal(fileName(dates), "service-2026-10-25-2026-10-31.csv");
  assert.deepEqual([dayAfter("2026-12-31"), dayAfter("2028-02-28")], ["2027-01-01", "2028-02-29"]);
});

test("a period by any name that the server knows is that period", () => {
  assert.deepEqual(["last_week", "this_week", "last_30_days"].map((period) => spanOf(asked("service", { period }))["period"]), ["last_week", "this_week", "last_30_days"]);
  assert.equal(intervalOf(asked("service", { period: "last_week" })), "day");
  assert.equal(fileName(asked("service", { period: "last_week" })), "service-last_week.csv");
});

test("a period that is none is no other one: it stays as it was said, with what is wrong about it", () => {
  const of = (query: Record<string, string>, report = "service") => { const { period, from, until, fault } = asked(report, query); return [period, from, until, fault?.what, fault?.text]; };
  assert.deepEqual(of({ period: "someday" }), ["unknown", "", "", "period", "someday"]);
  assert.deepEqual(of({ period: "dates", from: "2026-03-02", until: "2026-03-01" }), ["dates", "2026-03-02", "2026-03-01", "order", ""]);
  assert.deepEqual(of({ period: "dates", from: "2026-02-31", until: "2026-03-01" }), ["dates", "2026-02-31", "2026-03-01", "from", "2026-02-31"]);
  assert.deepEqual(of({ from: "2026-03-01", until: "2026-99-01" }), ["dates", "2026-03-01", "2026-99-01", "until", "2026-99-01"]);
  assert.deepEqual(of({ from: "2026-03-01" }), ["dates", "2026-03-01", "", "until", ""]);
  assert.deepEqual(of({ zone: "Mars/Base" }), ["today", "", "", "zone", "Mars/Base"]);
  assert.deepEqual(of({ from: "2026-03-01", until: "2026-03-01" }), ["dates", "2026-03-01", "2026-03-01", undefined, undefined]);
});

test("what is of this moment has no period, and a zone that there is not is the reader's", () => {
  const { period, zone, fault } = asked("ageing", { period: "someday", from: "x", zone: "Mars/Base" });
  assert.deepEqual([period, zone, fault], ["today", "Europe/Berlin", null]);
  assert.equal(asked("ageing", { zone: "UTC" }).zone, "UTC");
});

test("an interval suits the period, unless somebody chose one", () => {
  const of = (query: Record<string, string>): string => intervalOf(asked("service", query));
  assert.deepEqual([of({}), of({ period: "last_7_days" }), of({ period: "dates", from: "2026-01-01", until: "2026-06-30" }), of({ period: "dates", from: "2024-01-01", until: "2026-06-30" })], ["hour", "day", "week", "month"]);
  assert.equal(of({ interval: "hour_of_day" }), "hour_of_day");
});

test("staffing chooses its own intervals: the rows tell", () => {
  const of = asked("staffing");
  assert.equal(intervalOfRows(of, [{ interval: "09:00" }]), "hour_of_day");
  assert.equal(intervalOfRows(of, [{ interval: "2026-11-25 09:00", at_ms: 1 }]), "half_hour");
  assert.deepEqual(tableQuery(asked("staffing", { goal: "90", within: "x", at_once: "2" })), { period: "today", zone: "Europe/Berlin", goal: 0.9, at_once: 2 });
});

test("rows by time have an interval and nothing else", () => {
  assert.deepEqual(tableQuery(asked("agents", { by: "interval", compare: "1" })), { period: "today", zone: "Europe/Berlin", by: "", interval: "hour", compare: true });
});

test("another report is of the same period and queue, and by its own names", () => {
  assert.deepEqual(queryFor({ period: "yesterday", queue: "billing", by: "skill", sort: "level" }), { period: "yesterday", from: "", until: "", zone: "", queue: "billing", team: "", compare: "" });
});

test("a length of time is short, and has two units", () => {
  assert.deepEqual([0, 840, 9_949, 9_950, 59_400, 59_600, 245_000, 7_860_000, 273_600_000, 86_400_000].map(formatLength), ["0s", "0.8s", "9.9s", "10s", "59s", "1m", "4m 5s", "2h 11m", "3d 4h", "1d"]);
});

test("a share is told to a tenth of a percent where it is small", () => {
  assert.deepEqual([0.0042, 0.0996, 0.784, 1].map(formatPart), ["0.4%", "10%", "78%", "100%"]);
  assert.deepEqual([0.134, 12.34, 123.4, 4_027].map(formatMean), ["0.13", "12.3", "123", "4,027"]);
});

test("what is unknown is no zero", () => {
  assert.deepEqual([formatValue(undefined, "share"), formatValue(0, "share"), formatValue(null, "ms"), formatValue(1_200, "ms"), formatValue(1.5, "erlangs")], ["–", "0%", "–", "1.2s", "1.5"]);
});

test("a histogram is a few bars between round lengths, with none left out", () => {
  const bins = binsOf([[900, 2], [2_900, 1], [3_000, 4], [70_000, 3], [75_000, 0]]);
  assert.deepEqual([bins[0], bins.at(-1)], [{ afterMs: 0, untilMs: 1_000, count: 2 }, { afterMs: 60_000, untilMs: 90_000, count: 3 }]);
  assert.equal(bins.reduce((sum, { count }) => sum + count, 0), 10);
  assert.deepEqual(bins.map(({ afterMs }) => afterMs).slice(1), bins.map(({ untilMs }) => untilMs).slice(0, -1));
  assert.deepEqual(sharesUpTo(bins).at(-1), 1);
  assert.deepEqual(binsOf([]), []);
});

test("a percentile stands among the bars where it is", () => {
  const bins = binsOf([[1_000, 1], [2_000, 1], [3_000, 1]]);
  assert.deepEqual([0, 500, 1_000, 2_500, 9_000].map((ms) => placeOf(bins, ms)), [0, 0.5, 1, 2.5, 3]);
});

test("what lasted for years is in the last bar", () => {
  assert.equal(binsOf([[4_000 * DAY, 1]])[0]!.count, 1);
});

const answer = (rows: ReportRow[], more: Partial<Report> = {}): Report => ({ report: "queues", from_ms: NIGHT, until_ms: NIGHT + DAY, zone: "Europe/Berlin", as_of_ms: 0, columns: [], rows, total: {}, notes: [], advice: [], ...more });

test("hours in which nothing was are there, without a row", () => {
  const rows = [{ interval: "2026-11-25 09:00", at_ms: NIGHT + 9 * HOUR, level: 1 }];
  const hours = intervalsOf(answer(rows), "hour");
  assert.equal(hours.length, 24);
  assert.deepEqual(hours.map(({ row }) => row !== null).indexOf(true), 9);
  assert.equal(namer("hour", "Europe/Berlin")(hours[9]!), "9:00 AM");
});

test("a day of 25 hours has 25, and a period that begins within one has no more", () => {
  const longDay = Date.UTC(2026, 9, 24, 22);
  assert.equal(intervalsOf(answer([], { from_ms: longDay, until_ms: longDay + 25 * HOUR }), "hour").length, 25);
  const rows = [{ at_ms: NIGHT + 900_000 }, { at_ms: NIGHT + HOUR }];
  assert.equal(intervalsOf(answer(rows, { from_ms: NIGHT + 900_000, until_ms: NIGHT + 3 * HOUR }), "hour").length, 3);
});

test("days are those of the zone, whatever the reader's clocks show", () => {
  assert.equal(dateIn("Europe/Berlin", NIGHT), "2026-11-25");
  assert.equal(dateIn("UTC", NIGHT), "2026-11-24");
  const days = intervalsOf(answer([{ interval: "2026-11-26", at_ms: NIGHT + DAY, arrived: 4 }], { until_ms: NIGHT + 3 * DAY }), "day");
  assert.deepEqual(days.map(({ name, row }) => [name, row?.["arrived"]]), [["2026-11-25", undefined], ["2026-11-26", 4], ["2026-11-27", undefined]]);
  assert.equal(namer("day", "Europe/Berlin")(days[0]!), "Nov 25");
  assert.equal(longNamer("day", "Europe/Berlin")(days[0]!), "Wed, Nov 25");
});

test("what comes round is whole", () => {
  assert.equal(intervalsOf(answer([{ interval: "09:00" }]), "hour_of_day").length, 24);
  const days = intervalsOf(answer([{ interval: "Wed" }]), "day_of_week");
  assert.deepEqual(days.map(({ row }) => row !== null), [false, false, true, false, false, false, false]);
  assert.equal(namer("day_of_week", "UTC")(days[2]!), "Wed");
});

test("a period is told in days where it is whole days there", () => {
  assert.equal(spanText(NIGHT, NIGHT + 7 * DAY, "Europe/Berlin").replaceAll("\u2009", " "), "Nov 25 – Dec 1, 2026");
  assert.match(spanText(NIGHT, NIGHT + 7 * DAY, "UTC"), /11:00/);
  assert.ok(["UTC", "Mars/Base", "Europe/Berlin"].every((zone) => zoneNames("Mars/Base").includes(zone)));
});

test("where the history begins is told of a period, or of one beside it, that begins before", () => {
  const begins_ms = NIGHT - 2 * HOUR;
  const before = { from_ms: NIGHT - DAY, until_ms: NIGHT, rows: [], total: {} };
  const of = (more: Partial<Report>): readonly string[] => lacksOf(answer([], { stored_ms: NIGHT, begins_ms, ...more }));
  assert.deepEqual(of({}), []);
  assert.match(of({ previous: before })[0]!, /^The history begins at Nov 24, 2026, 10:00:00\sPM: /);
  assert.equal(of({ from_ms: NIGHT - DAY }).length, 1);
  assert.deepEqual(of({ from_ms: NIGHT - DAY, report: "ageing" }), []);
});

test("a report that knows of more events than the one beside it says so", () => {
  assert.ok(isLater({ stored_ms: NIGHT + 1 }, { stored_ms: NIGHT }));
  assert.ok(isLater({ stored_ms: NIGHT }, {}));
  assert.ok(!isLater({ stored_ms: NIGHT }, { stored_ms: NIGHT }));
  assert.ok(!isLater({}, {}));
});

test("what staffing cannot be reckoned with is told in the units of its field, before anything is asked", () => {
  const of = (query: Record<string, string>, report = "staffing") => asked(report, query).fault;
  assert.deepEqual(of({ goal: "950" }), { what: "goal", text: "950" });
  assert.deepEqual(of({ goal: "99.9", within: "0" })?.what, "within");
  assert.deepEqual(of({ goal: "1", within: "0.1", at_once: "1001" })?.what, "at_once");
  assert.equal(of({ goal: "99.9", within: "2592000", at_once: "1000" }), null);
  assert.equal(tableQuery(asked("staffing", { goal: "99.9" }))["goal"], 0.999);
  assert.equal(of({ goal: "x" }), null);
  assert.equal(of({ goal: "950" }, "service"), null);
  assert.equal(of({ goal: "950", period: "someday" })?.what, "period");
});

test("staffing without rows says whether there was a whole quarter hour at all", () => {
  const of = (more: Partial<Report>): string => nothingOf(answer([], { report: "staffing", from_ms: NIGHT, until_ms: NIGHT + 2 * HOUR, begins_ms: NIGHT + 60_000, stored_ms: NIGHT + HOUR, ...more })).title;
  assert.match(of({}), /^Nothing of the kind/);
  assert.match(of({ stored_ms: NIGHT + HOUR / 2 - 1 }), /^The history has no whole quarter hour/); // from 0:15 on, and it is 0:29
  assert.match(of({ stored_ms: NIGHT + HOUR / 2 }), /^Nothing of the kind/);
  assert.match(of({ stored_ms: 0 }), /^The history has no whole quarter hour/);
  assert.match(of({ report: "queues", stored_ms: 0 }), /^Nothing of the kind/);
});

const COLUMNS = [
  { name: "arrived", unit: "cases", says: "Cases that came." },
  { name: "level", unit: "share", says: "`in_time` / (`owned` + `unowned`), in time." },
  { name: "pushed", unit: "cases", says: "By an offer." },
  { name: "histogram", unit: "", says: "Bars." },
];

test("a table has the main numbers first, and all of them by a press", () => {
  assert.deepEqual(shownColumns("service", COLUMNS, false).map(({ name }) => name), ["arrived", "level"]);
  assert.deepEqual(shownColumns("service", COLUMNS, true).map(({ name }) => name), ["arrived", "level", "pushed"]);
  assert.ok(hasMore("service", COLUMNS));
  assert.ok(!hasMore("service", COLUMNS.slice(0, 2)));
  assert.equal(meaningOf({ report: "queues", columns: COLUMNS }, "pushed"), "By an offer.");
});

test("a meaning has the titles of the numbers that it names, as they are in its report", () => {
  assert.equal(meaningOf({ report: "queues", columns: COLUMNS }, "level"), "“In time” / (“Owned” + “Not owned yet”), in time.");
  assert.deepEqual([meaningIn("field", "`late` / `arrived`."), meaningIn("queues", "`new_number` less.")], ["“Late” / “Came”.", "“new number” less."]);
  assert.equal(meaningOf({ report: "queues", columns: COLUMNS }, "no_such"), undefined);
});

test("a reason is told in words, one's own as it is", () => {
  assert.deepEqual(["nobody_home", "Needs a part"].map(reasonText), ["nobody home", "Needs a part"]);
});

test("a number has a word, where it means something else another one, and its name where there is none", () => {
  assert.deepEqual([titleOf("waiting"), titleOf("waiting", "ageing"), titleOf("first_owner_p90_ms"), titleOf("new_number")], ["Waiting at a time", "Waiting", "First owner, 90% within", "new number"]);
});

test("a row stands beside that of the same names in the period before", () => {
  const rows = [{ queue: "billing", arrived: 2 }, { queue: "support", arrived: 3 }];
  const previous = { from_ms: 0, until_ms: 1, rows: [{ queue: "support", arrived: 9 }], total: {} };
  const both = answer(rows, { columns: COLUMNS, previous });
  assert.deepEqual(keysOf(both), ["queue"]);
  assert.deepEqual(rows.map(beforeRows(both, "")), [undefined, { queue: "support", arrived: 9 }]);
  const byDay = answer([{ interval: "2026-11-26", at_ms: NIGHT + DAY, arrived: 2 }], { columns: COLUMNS, previous: { ...previous, from_ms: NIGHT - 7 * DAY, rows: [{ interval: "2026-11-19", at_ms: NIGHT - 6 * DAY - HOUR, arrived: 7 }] } });
  assert.equal(beforeRows(byDay, "day")(byDay.rows[0]!)?.["arrived"], 7); // clocks were changed between them
});

test("rows are sorted by a number, those that do not have it last, or by a name", () => {
  const rows = [{ row: { queue: "b", level: 0.5 } }, { row: { queue: "c" } }, { row: { queue: "a", level: 0.9 } }];
  const names = (query: Record<string, string>): string => sortedRows<{ row: ReportRow }>(rows, query).map(({ row }) => row["queue"]).join("");
  assert.deepEqual([names({}), names({ sort: "level" }), names({ sort: "level", desc: "1" }), names({ sort: "queue" })], ["bca", "bac", "abc", "abc"]);
});

test("rows are put together by a name, as they came", () => {
  const groups = grouped([{ queue: "b", missing: 1 }, { queue: "a" }, { queue: "b", missing: 2 }], "queue");
  assert.deepEqual(groups.map(([name, rows]) => [name, sumOf(rows, "missing")]), [["b", 3], ["a", 0]]);
});

test("the parts of somebody's time exclude each other", () => {
  assert.deepEqual(timesOf({ online_ms: 10, idle_ms: 4, busy_ms: 3 }), [{ name: "working", ms: 6 }, { name: "idle", ms: 4 }, { name: "busy", ms: 3 }]);
  assert.deepEqual(timesOf({ handled: 3 }), []);
});
