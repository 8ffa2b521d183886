import { signal } from "@preact/signals";
import type { JSX } from "preact";

const said = signal({ text: "", turn: 0 });

/** Say something to who listens to the page instead of looking at it. Waits its turn, takes no focus. */
export function announce(text: string): void {
  said.value = { text, turn: said.peek().turn + 1 };
}

/** Where announcements are made. One per page, always there: a live region that comes with its text is not read. */
export function Announcer(): JSX.Element {
  const { text, turn } = said.value;
  return (
    <div class="visually-hidden" role="status" data-testid="announcer">
      <span key={turn}>{text}</span>
    </div>
  );
}
