import { timers } from "../../door/link";
import type { Work } from "../work";
import { keep } from "./kept";

const PAUSE_MS = 1_000; // however much happens, it is written no more often than this

/** Keep a picture of the work on this device whenever something happens to it, and when the page is left; the result ends it. */
export function keepLastView(work: Work): () => void {
  const { client, agent, link } = work;
  const stopped = new AbortController();
  let cancel: (() => void) | null = null;
  function write(): void {
    cancel?.();
    cancel = null;
    if (!agent.me || client.state !== "connected") return; // what is known now was written while there was a connection
    const { name } = agent.me;
    const view = { name, offers: agent.offers.map((each) => each.case), desk: agent.desk.map((each) => each.case) };
    // A full disk or a private window: the page does without.
    keep(`${link.workspace} agent ${client.subject}`, { atMs: client.time.now(), view }).catch(() => {});
  }
  function later(): void {
    cancel ??= timers.after(PAUSE_MS, write);
  }
  const stops = [client.on("event", later), agent.on("snapshot", later)];
  document.addEventListener("visibilitychange", () => document.hidden && cancel && write(), { signal: stopped.signal });
  return () => {
    cancel?.();
    stopped.abort();
    for (const stop of stops) stop();
  };
}
