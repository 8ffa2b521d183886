import { computed } from "@preact/signals";
import { route, setQuery } from "../route";

/** Is the wallboard shown as on a wall: larger, and nothing around it? The address says so, so that a screen comes back to it. */
export const isWall = computed(() => route.value.screen === "wallboard" && route.value.query["wall"] === "1");

/** From a press: browsers let a page fill the screen only then. */
export async function enterWall(): Promise<void> {
  setQuery({ wall: "1" });
  try {
    await document.documentElement.requestFullscreen();
  } catch {
    // refused by the browser or its settings: it fills the window then
  }
}

/** Answers false when it was not shown so. */
export function leaveWall(): boolean {
  if (!isWall.peek()) return false;
  setQuery({ wall: "" });
  if (document.fullscreenElement) void document.exitFullscreen();
  return true;
}

// Escape leaves the full screen before the page hears of it.
globalThis.document?.addEventListener("fullscreenchange", () => void (document.fullscreenElement ?? leaveWall()));
