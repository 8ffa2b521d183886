import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { formatClock, formatDate, formatDuration } from "./format";
import { onTick } from "./ticker";

interface LiveTextProps {
  /** What stands there at this instant (server time, ms). Must depend on nothing else that changes. */
  read: (nowMs: number) => string;
  /** Give it another one, and `read` is taken anew. */
  of: unknown;
  class?: string;
  dateTime?: string;
  title?: string;
  testid?: string;
}

/** A text that follows the clock: its own text node is written, nothing is rendered. */
export function LiveText({ read, of, class: name, dateTime, title, testid }: LiveTextProps): JSX.Element {
  const node = useRef<HTMLTimeElement>(null);
  const reading = useRef(read);
  reading.current = read;
  useEffect(
    () =>
      onTick((now) => {
        const text = reading.current(now);
        if (node.current && node.current.textContent !== text) node.current.textContent = text;
      }),
    [of],
  );
  return <time ref={node} class={name} dateTime={dateTime} title={title} data-testid={testid} />;
}

interface SinceProps {
  /** Server time, ms. */
  since: number;
  class?: string;
  testid?: string;
}

/** How long ago, in words: "5 min". */
export function Age({ since, ...rest }: SinceProps): JSX.Element {
  return <LiveText {...rest} of={since} read={(now) => formatDuration(now - since)} dateTime={new Date(since).toISOString()} title={formatDate(since)} />;
}

/** How long already, as a running clock: "12:05". `plus` is what was there before `since` (ms). */
export function Clock({ since, plus = 0, ...rest }: SinceProps & { plus?: number }): JSX.Element {
  return <LiveText {...rest} of={since + plus} read={(now) => formatClock(now - since + plus)} />;
}
