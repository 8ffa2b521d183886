import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "./announcer";
import { formatLeft } from "./format";
import type { Meaning } from "./marks";
import { t } from "./texts/basic";
import { now, onTick } from "./ticker";

const ROUND = 100; // the circle's length, by pathLength
const SOON_MS = 10_000;
const LATE_MS = 5_000;
// The animation runs by itself; when the estimate of the server's time moves by more, it is set right.
const DRIFT_MS = 250;

/** How it stands with so much time left. */
export function urgency(leftMs: number): Meaning {
  if (leftMs <= LATE_MS) return "late";
  return leftMs <= SOON_MS ? "soon" : "act";
}

interface RingProps {
  /** Server time, ms. */
  deadlineAtMs: number;
  startAtMs: number;
  /** What it is about, for the two announcements; without it there are none. */
  about?: string | undefined;
  testid?: string;
}

/** The time left until the server's deadline. Silent but at ten and at five seconds; nothing is rendered while it runs. */
export function Ring({ deadlineAtMs, startAtMs, about, testid }: RingProps): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const arc = useRef<SVGCircleElement>(null);
  const figure = useRef<HTMLElement>(null);
  useEffect(() => {
    const total = Math.max(1, deadlineAtMs - startAtMs);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const running = isStill ? null : arc.current!.animate([{ strokeDashoffset: 0 }, { strokeDashoffset: ROUND }], { duration: total, fill: "both" });
    let last = deadlineAtMs - now();
    let unsay = (): void => {};
    const stop = onTick((at) => {
      if (!figure.current || !root.current) return; // gone: effects end only after the next frame
      const left = deadlineAtMs - at;
      const passed = Math.min(total, Math.max(0, total - left));
      if (running && Math.abs(Number(running.currentTime ?? 0) - passed) > DRIFT_MS) running.currentTime = passed;
      const text = formatLeft(left);
      if (figure.current.textContent !== text) figure.current.textContent = text;
      const name = `ring mark-${urgency(left)}`;
      if (root.current.className !== name) root.current.className = name;
      for (const mark of [SOON_MS, LATE_MS]) if (about && last > mark && left <= mark && left > 0) unsay = announce(t.secondsLeft(Math.ceil(left / 1_000), about));
      last = left;
    });
    return () => {
      stop();
      unsay();
      running?.cancel();
    };
  }, [deadlineAtMs, startAtMs, about]);
  return (
    <div ref={root} class="ring mark-act" aria-hidden="true" data-testid={testid}>
      <svg viewBox="0 0 48 48">
        <circle class="track" cx="24" cy="24" r="21" />
        <circle ref={arc} class="left" cx="24" cy="24" r="21" pathLength={ROUND} stroke-dasharray={`${ROUND} ${ROUND}`} />
      </svg>
      <b ref={figure} />
    </div>
  );
}
