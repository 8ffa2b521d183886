// One clock for all that shows time: what is drawn by it writes its own text node, and nothing is rendered for it.

const TICK_MS = 250;

let clock: () => number = Date.now;
const watching = new Set<(nowMs: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Whose time is shown: the server's, once there is a connection. Milliseconds since 1970. */
export function followClock(now: () => number): void {
  clock = now;
}

/** The time that countdowns and ages go by. */
export function now(): number {
  return clock();
}

function tick(): void {
  if (globalThis.document?.hidden) return; // nobody looks; the next look begins with a tick
  const at = clock();
  for (const draw of [...watching]) {
    try {
      draw(at);
    } catch (error) {
      reportError(error); // the other clocks go on
    }
  }
}

/** Call `draw` now and four times a second while the page is seen; the result ends it. */
export function onTick(draw: (nowMs: number) => void): () => void {
  watching.add(draw);
  if (timer === undefined) {
    timer = setInterval(tick, TICK_MS);
    globalThis.document?.addEventListener("visibilitychange", tick);
  }
  draw(clock());
  return () => {
    watching.delete(draw);
    if (watching.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    globalThis.document?.removeEventListener("visibilitychange", tick);
  };
}
