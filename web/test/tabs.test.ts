import assert from "node:assert/strict";
import { test } from "node:test";
import { askForSession, handOver } from "../src/ui/alerts/handover";
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

test("a second tab gets the session of the first, of its own kind only", async () => {
  const { open } = aBrowser();
  const session = { workspace: "acme", token: "secret" };
  handOver("agent", () => session, open);
  const never = (): void => {};
  assert.deepEqual(await askForSession("agent", open, never), session);
  let giveUp = (): void => {};
  const asked = askForSession("supervisor", open, (_, action) => (giveUp = action));
  giveUp();
  assert.equal(await asked, null);
});

test("a tab that is signed out, or has ended, gives nothing", async () => {
  const { open } = aBrowser();
  handOver("agent", () => null, open);
  handOver("agent", () => ({ workspace: "acme", token: "secret" }), open)();
  assert.equal(await askForSession("agent", open, (_, action) => setImmediate(action)), null);
});
