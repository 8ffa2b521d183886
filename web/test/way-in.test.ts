import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import { test } from "node:test";
import { look, NotReady, type Sight } from "../src/door/way-in";
import type { Session } from "../src/ui/alerts/handover";

type Answer = readonly string[] | null | Error;

/** A door, and a server that gives these answers in turn; `pauses` are those before each further question. */
function before(answers: Answer[], session: Session | null = null) {
  const signedIn: Session[] = [];
  const pauses: number[] = [];
  const waiting: (() => void)[] = [];
  const door = { page: "agent", session: signal<Session | null>(null), signIn: (given: Session) => void signedIn.push(given), workspaces: signal<readonly string[] | null | undefined>(undefined), unreached: signal("") };
  let asked = 0;
  const sight: Sight = {
    workspaces: async () => {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return answer!;
    },
    session: async () => session,
    after: (ms, action) => {
      pauses.push(ms);
      waiting.push(action);
      return () => void waiting.splice(waiting.indexOf(action), 1);
    },
  };
  return { door, sight, signedIn, pauses, waiting, asked: () => asked };
}

const settled = (): Promise<void> => new Promise(setImmediate);
const cut = (): Error => new TypeError("Failed to fetch");

test("a server that cannot be reached is asked again, less and less often, until it answers", async () => {
  const { door, sight, pauses, waiting, asked } = before([...Array.from({ length: 6 }, cut), ["acme"]]);
  look(door, sight);
  await settled();
  assert.equal(door.unreached.value, "The server cannot be reached");
  assert.equal(door.workspaces.value, undefined); // no form that the server's answer would change
  while (waiting.length > 0) {
    waiting.shift()!();
    await settled();
  }
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  assert.deepEqual([door.unreached.value, door.workspaces.value, asked()], ["", ["acme"], 7]);
});

test("a server that is not ready says so", async () => {
  const { door, sight } = before([new NotReady("The server is not ready: it answered 503")]);
  look(door, sight);
  await settled();
  assert.equal(door.unreached.value, "The server is not ready: it answered 503");
});

test("asked at once, it is asked once, and not again after the pause", async () => {
  const { door, sight, waiting, asked } = before([cut(), null]);
  const { now } = look(door, sight);
  await settled();
  await Promise.all([now(), now()]);
  assert.deepEqual([asked(), door.workspaces.value, waiting.length], [2, null, 0]);
});

test("whoever has left the form is not asked for, and signed in nowhere", async () => {
  const { door, sight, signedIn, waiting } = before([cut(), null], { workspace: "acme", token: "t" });
  const { now, stop } = look(door, sight);
  await settled();
  const asking = now();
  stop();
  await asking;
  assert.deepEqual([signedIn, door.workspaces.value, waiting], [[], undefined, []]);
});

test("with tokens, another tab's session is taken; where a name is enough, none", async () => {
  const session = { workspace: "acme", token: "t" };
  for (const [answer, taken] of [[null, [session]], [["acme"], []]] as const) {
    const { door, sight, signedIn } = before([answer], session);
    look(door, sight);
    await settled();
    assert.deepEqual(signedIn, taken);
  }
});
