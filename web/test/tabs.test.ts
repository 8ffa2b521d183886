import assert from "node:assert/strict";
import { test } from "node:test";
import { askForSession, type Between, handOver, leave } from "../src/ui/alerts/handover";
import { type Channel, type Locks, type TabMessage, Tabs } from "../src/ui/alerts/tabs";

/** Channels of one browser: what is said on one is heard on the others of the same name. */
function aBrowser() {
  const channels = new Map<string, Set<{ hear: ((event: MessageEvent) => void)[] }>>();
  const open = (name: string): Channel => {
    const all = channels.get(name) ?? new Set();
    channels.set(name, all);
    const mine: { hear: ((event: MessageEvent) => void)[] } = { hear: [] };
    all.add(mine);
    return {
      postMessage: (data) => [...all].filter((each) => each !== mine).forEach((each) => each.hear.forEach((hear) => hear({ data: structuredClone(data) } as MessageEvent))),
      addEventListener: (_, hear) => mine.hear.push(hear),
      close: () => all.delete(mine),
    };
  };
  let turn: Promise<unknown> = Promise.resolve();
  // One holder at a time, in the order of asking; who gives up waiting is passed over.
  const locks = {
    request: (_: string, options: LockOptions, hold: () => Promise<void>) => {
      const held = turn.then(() => {
        if (options.signal?.aborted) throw new DOMException("gave up", "AbortError");
        return hold();
      });
      turn = held.catch(() => {});
      return held;
    },
  } as unknown as Locks;
  return { open, locks };
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

test("of several tabs exactly one leads, and when it goes the next does", async () => {
  const { open, locks } = aBrowser();
  const tabs = [1, 2, 3].map(() => new Tabs("acme agent ana", locks, open));
  const leading = (): boolean[] => tabs.map((tab) => tab.leads.value);
  await settled();
  assert.deepEqual(leading(), [true, false, false]);
  tabs[1]!.close(); // it waited: nothing changes
  tabs[0]!.close();
  await settled();
  assert.deepEqual(leading(), [false, false, true]);
});

test("what one tab says the others hear, and it does not", () => {
  const { open, locks } = aBrowser();
  const [one, other, third] = [1, 2, 3].map(() => new Tabs("acme agent ana", locks, open));
  const heard: [string, TabMessage][] = [];
  one!.hear((message) => heard.push(["one", message]));
  other!.hear((message) => heard.push(["other", message]));
  const forget = third!.hear((message) => heard.push(["third", message]));
  forget();
  one!.say({ type: "hushed" });
  assert.deepEqual(heard, [["other", { type: "hushed" }]]);
});

/** The locks that hand-overs hold in a browser, and tabs in it. */
function aShelf() {
  const { open } = aBrowser();
  const held: LockInfo[] = [];
  const locks = {
    request: (name: string, hold: () => Promise<void>) => {
      const lock = { name };
      return settled().then(() => {
        held.push(lock);
        return hold().then(() => void held.splice(held.indexOf(lock), 1));
      });
    },
    query: async () => ({ held: [...held] }),
  } as unknown as NonNullable<Between["locks"]>;
  const never = (): void => {};
  return { tab: (me: string, after: Between["after"] = never): Between => ({ open, locks, after, me }), open };
}

const session = { workspace: "acme", token: "secret" };
const ignored = (): void => {};

test("a second tab gets the session of the first, of its own kind only", async () => {
  const { tab } = aShelf();
  handOver("agent", () => session, ignored, tab("one"));
  await settled();
  assert.deepEqual(await askForSession("agent", tab("two")), session);
  assert.equal(await askForSession("supervisor", tab("two")), null);
});

test("a tab that shares and asks at once does not take its own answer for another's", async () => {
  const { tab } = aShelf();
  handOver("agent", () => null, ignored, tab("two"));
  handOver("agent", () => session, ignored, tab("one"));
  await settled();
  assert.deepEqual(await askForSession("agent", tab("two")), session);
});

test("who signs out is told of in the other tabs of its kind, and not in its own", async () => {
  const { tab } = aShelf();
  const heard: string[] = [];
  handOver("agent", () => session, (who) => heard.push(`one ${who}`), tab("one"));
  handOver("agent", () => session, (who) => heard.push(`two ${who}`), tab("two"));
  handOver("supervisor", () => session, (who) => heard.push(`sue ${who}`), tab("three"));
  leave("agent", "acme ana", tab("one"));
  await settled();
  assert.deepEqual(heard, ["two acme ana"]);
});

test("one signed-in tab among several is enough, wherever it stands", async () => {
  const { tab } = aShelf();
  handOver("agent", () => null, ignored, tab("one"));
  handOver("agent", () => session, ignored, tab("two"));
  await settled();
  assert.deepEqual(await askForSession("agent", tab("three")), session);
});

test("a tab that is alone, or among none that is signed in, need not wait", async () => {
  const { tab } = aShelf();
  handOver("agent", () => null, ignored, tab("one"));
  await settled();
  assert.equal(await askForSession("agent", tab("one")), null);
  assert.equal(await askForSession("agent", tab("two")), null);
});

test("a tab that has ended gives nothing, and one that does not answer is not waited for", async () => {
  const { tab } = aShelf();
  handOver("agent", () => session, ignored, tab("one"))(); // before its lock was granted
  await settled();
  assert.equal(await askForSession("agent", tab("two")), null);
  const silent = { ...tab("three"), open: () => ({ postMessage() {}, addEventListener() {}, close() {} }) };
  handOver("agent", () => session, ignored, silent);
  await settled();
  assert.equal(await askForSession("agent", tab("two", (_, action) => setImmediate(action))), null);
});

test("where there are no locks a short wait takes their place, and every tab leads", async () => {
  const { open } = aBrowser();
  const blind = (me: string, after: Between["after"]): Between => ({ open, locks: null, after, me });
  handOver("agent", () => session, ignored, blind("one", () => {}));
  assert.deepEqual(await askForSession("agent", blind("two", () => {})), session);
  assert.equal(await askForSession("supervisor", blind("two", (_, action) => setImmediate(action))), null);
  assert.equal(new Tabs("acme agent ana", null, open).leads.value, true);
});
