// Timers that a hidden tab's throttling leaves alone: a message with an id and a time comes back as the id when it is up.

export interface TimerOrder {
  id: number;
  /** Milliseconds from now; null: it is not wanted any more. */
  ms: number | null;
}

const running = new Map<number, ReturnType<typeof setTimeout>>();

addEventListener("message", ({ data: { id, ms } }: MessageEvent<TimerOrder>) => {
  clearTimeout(running.get(id));
  running.delete(id);
  if (ms === null) return;
  const timer = setTimeout(() => {
    running.delete(id);
    postMessage(id);
  }, ms);
  running.set(id, timer);
});
