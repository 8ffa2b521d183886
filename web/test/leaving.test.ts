import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { leaveOffline, onceOffline, signOut } from "../src/agent/leaving";
import type { ChannelSummary } from "../src/sdk/index";
import { aCase, anAgent } from "./fakes";

const channels = { chat: { on_offline: "return" }, mail: { on_offline: "keep" } } as unknown as Record<string, ChannelSummary>;

test("offline, what its channel lets go goes back to its queue; what is parked and what is kept stays", () => {
  const cases = [
    aCase("c-1", { channel: "chat", state: "active" }),
    aCase("c-2", { channel: "chat", state: "wrapping" }),
    aCase("c-3", { channel: "chat", state: "parked" }),
    aCase("c-4", { channel: "mail", state: "active" }),
    aCase("c-5", { channel: "no longer configured", state: "active" }),
  ];
  assert.deepEqual(onceOffline(cases, channels), { back: 2, stay: 3 });
});

type Leaver = Parameters<typeof signOut>[0];

function agent({ status = "online", owns = 0, state = "connected", isRefused = false }: { status?: string; owns?: number; state?: string; isRefused?: boolean }): { work: Leaver; done: string[]; leave: () => void } {
  const done: string[] = [];
  const work = {
    state,
    sheet: signal(null),
    agent: { me: anAgent({ status } as never), desk: Array.from({ length: owns }), setStatus: async (to: string) => void done.push(`set ${to}`) },
    attempt: async (command: Promise<unknown>) => (await command, !isRefused),
  };
  return { work: work as unknown as Leaver, done, leave: () => void done.push("left") };
}

test("who has nothing in hand is set offline and signed out", async () => {
  const { work, done, leave } = agent({});
  await signOut(work, leave);
  assert.deepEqual(done, ["set offline", "left"]);
});

test("who is offline, or has no connection, is just signed out", async () => {
  for (const how of [{ status: "offline" }, { state: "connecting" }]) {
    const { work, done, leave } = agent(how);
    await signOut(work, leave);
    assert.deepEqual(done, ["left"]);
  }
});

test("with cases in hand it is asked first, whatever the status", async () => {
  for (const status of ["online", "offline"]) {
    const { work, done, leave } = agent({ status, owns: 3 });
    await signOut(work, leave);
    assert.deepEqual([work.sheet.value, ...done], ["leaving"]);
  }
});

test("whom the server does not let go offline stays", async () => {
  const { work, done, leave } = agent({ isRefused: true });
  await leaveOffline(work, leave);
  assert.deepEqual(done, ["set offline"]);
});
