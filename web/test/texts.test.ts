import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { transformSync } from "esbuild";
import { actor, choose, codes, word } from "../src/ui/texts";
import { c } from "../src/ui/texts/case";
import { bareTexts } from "./bare-texts";

const doc = (name: string): string => readFileSync(`../docs/${name}.md`, "utf8");
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((found) => found[1]!);

// What no page can meet: errors between nodes and the store, and of the history, which no page reads.
const NOT_OF_PAGES = new Set(["LEASE_LOST", "CHECKPOINT_MOVED", "LOG_FAULTY", "NO_HISTORY", "HISTORY_NOT_READY", "HISTORY_NEWER"]);

test("every error of the server has its words", () => {
  const all = matches(doc("errors"), /^### (\w+)$/gm).filter((code) => !NOT_OF_PAGES.has(code));
  assert.ok(all.length > 50);
  assert.deepEqual(all.filter((code) => !(code in codes.refusals)), []);
});

test("every case event of the protocol has its words", () => {
  const listed = doc("protocol").split("Case events:")[1]!.split(":\n")[0]!;
  const all = matches(listed, /`(\w+)`/g);
  assert.ok(all.length > 20);
  assert.deepEqual(all.filter((code) => !(code in codes.events)), []);
});

test("whatever keeps an agent from a case has its words, of one agent and of all", () => {
  const table = doc("why").split("| `fails` |")[1]!.split("\n\n")[0]!;
  const all = matches(table, /^\| `(\w+)`/gm).filter((code) => code !== "null"); // null: nothing does
  assert.ok(all.length >= 13, String(all));
  assert.deepEqual(all.filter((code) => !(code in codes.fails && code in codes.whyReasons)), []);
});

// What the engine says elsewhere, word by word.
const VOCABULARY: Readonly<Record<string, string>> = {
  caseStates: "waiting offered active parked wrapping closed cancelled abandoned",
  endings: "closed cancelled abandoned",
  statuses: "online busy offline not_responding",
  presences: "connected grace gone",
  imposed: "supervisor missed_offers on_decline shift_end",
  returned: "agent_lost agent_busy agent_offline agent_online next_status capacity_lowered not_eligible not_responding shift_end wake_limit owner_offline",
  transferFailed: "declined expired withdrawn agent_lost agent_busy agent_offline agent_online next_status capacity_lowered not_eligible not_responding",
  causes: "overflow preferred_over agent_away agent_removed agent_offline shift_end agent_lost wake_limit owner_offline",
  places: "keep front back",
  relaxed: "drop_skills open_tier raise_priority stop_preferring alert overflow preferred_over agent_away agent_removed",
  rules: "longest_idle least_active least_loaded most_available priority credit due named reserved",
  whyReasons: "being_matched no_members pull_queue queue_paused queue_closed building dirty again idle stopped off",
  nextChanges: "cooldown_ends drop_skills open_tier raise_priority alert overflow stop_preferring queue_opens deadline",
  waited: "stopped offered named untaken no_agent cooling busy engine",
  alerts: "all_declined required_agent_away overflow_impossible idle_case not_responding",
  clocks: "first_owner completion",
  reservationEnds: "offered case_gone agent_away not_eligible window_taken queue_stopped switched_off",
  stages: "scheduled dispatched travelling in_progress completed cannot_complete cancelled",
  closes: "4400 4401 4403 4404 4406 4429",
};

test("every rule says why this agent and why this case", () => {
  const rules = VOCABULARY["rules"]!.split(" ");
  for (const words of [c.rulesOfAgent, c.rulesOfCase]) assert.deepEqual(Object.keys(words), rules);
});

for (const [table, listed] of Object.entries(VOCABULARY)) {
  test(`every code of ${table} has its words`, () => {
    const words = codes[table as keyof typeof codes] as Readonly<Record<string, unknown>>;
    assert.deepEqual(listed.split(" ").filter((code) => !words[code]), []);
  });
}

test("a code that nobody knows is shown as it is", () => {
  assert.equal(word(codes.alerts, "idle_case"), codes.alerts.idle_case);
  assert.equal(word(codes.alerts, "vip_waits"), "vip waits");
  assert.equal(word(codes.alerts, "constructor"), "constructor");
});

test("whoever did something has a name", () => {
  assert.equal(actor("agent:ana"), "ana");
  assert.equal(actor("supervisor:sue"), "Supervisor sue");
  assert.equal(actor("engine:presence"), "A lost connection");
  assert.equal(actor("engine"), "Casebaton");
  assert.equal(actor("rule:2"), "Rule 2");
  assert.equal(actor("stranger"), "stranger");
});

test("a reader gets their language, its parent, or English", () => {
  const languages = { en: "english", de: "german", "pt-BR": "brazilian" };
  assert.deepEqual(["de", "de-AT", "pt-BR", "pt", "fr"].map((wanted) => choose(wanted, languages)), ["german", "german", "brazilian", "english", "english"]);
});

// -- no words but in texts/ ------------------------------------------------------------------------------------------

const compiled = (source: string): string => transformSync(source, { loader: "tsx", jsx: "automatic", jsxImportSource: "preact", charset: "utf8" }).code;

test("a text among the elements, in an attribute that is read out or in a choice is found", () => {
  const found = (source: string): string[] => bareTexts(compiled(source));
  assert.deepEqual(found("<p>Hello</p>"), ["Hello"]);
  assert.deepEqual(found("<p>And {count} more</p>"), ["And ", " more"]);
  assert.deepEqual(found('<p>{busy ? "Wait" : t.go}</p>'), ["Wait"]);
  assert.deepEqual(found('<input aria-label="Search" placeholder="Type" class="input" />'), ["Search", "Type"]);
  assert.deepEqual(found('<p class="soft">{t.hello} <b>{kind === "plain" && t.plain}</b> · 5</p>'), []);
});

test("no component has a bare text: all words are in texts/", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  assert.ok(files.length > 10);
  assert.deepEqual(files.flatMap((name) => bareTexts(compiled(readFileSync(`src/${name}`, "utf8"))).map((text) => `${name}: ${text}`)), []);
});
