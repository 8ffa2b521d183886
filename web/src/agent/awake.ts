import { effect } from "@preact/signals";
import { keepsAwake } from "../ui/preferences";
import type { Work } from "./work";

/** Can it be done here at all? */
export const canKeepAwake = (): boolean => "wakeLock" in navigator;

/** Keep the screen on while the agent is online and looks at the page, for who wants that; the result ends it. */
export function keepAwake(work: Work): () => void {
  if (!canKeepAwake()) return () => {};
  let lock: WakeLockSentinel | null = null;
  let isWanted = false;
  // The browser lets go by itself when the page is hidden, and may refuse on an empty battery.
  async function hold(): Promise<void> {
    if (!isWanted || document.hidden || (lock && !lock.released)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (!isWanted) await lock?.release();
  }
  const shown = new AbortController();
  document.addEventListener("visibilitychange", () => void hold(), { signal: shown.signal });
  const stop = effect(() => {
    isWanted = keepsAwake.value && work.status.value?.status === "online";
    void (isWanted ? hold() : lock?.release());
  });
  return () => {
    isWanted = false;
    stop();
    shown.abort();
    void lock?.release();
  };
}
