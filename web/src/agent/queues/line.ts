import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Line } from "../../sdk/index";
import type { Work } from "../work";

/** A line as it is at one moment: the line is the same object throughout, this is another one after each change. */
export interface Moment {
  line: Line;
}

/** A queue's line, watched while it is shown; null until then. Changes at most once per frame. */
export function useLine(work: Work, queue: string, attempts: number): Signal<Moment | null> {
  const shown = useSignal<Moment | null>(null);
  useEffect(() => {
    const line = work.agent.watchQueue(queue);
    const show = (): void => void (shown.value = { line });
    const later = (): void => work.frames.mark(show);
    const stops = [line.on("change", later), line.on("over", later)];
    show();
    return () => {
      for (const stop of stops) stop();
      shown.value = null;
      void work.attempt(line.unwatch());
    };
  }, [work, queue, attempts]);
  return shown;
}
