import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

const said = signal({ text: "", turn: 0 });

/** Say something to who listens to the page instead of looking at it. Waits its turn, takes no focus; the result takes it back. */
export function announce(text: string): () => void {
  const mine = { text, turn: said.peek().turn + 1 };
  said.value = mine;
  return () => {
    if (said.peek() === mine) said.value = { text: "", turn: mine.turn };
  };
}

/** Where announcements are made: one on the page and one in each open dialog, always there: a live region that comes with its text is not read. */
export function Announcer({ testid = "announcer" }: { testid?: string }): JSX.Element {
  const { text, turn } = said.value;
  const since = useRef(turn);
  return (
    <div class="visually-hidden" role="status" data-testid={testid}>
      <span key={turn}>{turn > since.current && text}</span>
    </div>
  );
}
