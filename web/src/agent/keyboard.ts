import { KEYS, nine, Shortcuts } from "../ui/shortcuts";
import type { Work } from "./work";

/** What the keys do that stands elsewhere on the page. */
export interface Doings {
  /** Show the search, with the focus in it. */
  search: () => void;
  help: () => void;
  /** Leave what is looked at; false when nothing is. */
  close: () => boolean;
  /** Choose a status by its place in the menu; false when there is none. */
  status: (place: number) => boolean;
}

/** Press this in the offer that stands first, and in none that stands behind it: while the first is being answered the key does nothing. */
function pressFirst(root: ParentNode, testid: string): boolean {
  const first = root.querySelector('[data-testid="offer"]');
  if (first) pressShown(first, testid);
  return first !== null;
}

/** Presses what is shown: the same button, busy and answering as ever. False when it is not there, or may not be pressed. */
export function pressShown(root: ParentNode, ...testids: readonly string[]): boolean {
  for (const testid of testids) {
    const button = root.querySelector<HTMLButtonElement>(`[data-testid="${testid}"]:not(:disabled, [aria-disabled="true"])`);
    if (!button) continue;
    button.click();
    return true;
  }
  return false;
}

/** The agent page's keys. While a dialog is open all but the answers to an offer, which cannot wait, are its own. */
export function keysOf(work: Work, { search, help, close, status }: Doings, root: Document = document): Shortcuts {
  const shortcuts = new Shortcuts();
  const unlessAsked = (run: () => boolean | void) => (): boolean | void => (root.querySelector("dialog[open]") ? false : run());
  shortcuts.add(
    { name: "accept", keys: KEYS.accept, run: () => pressFirst(root, "offer-accept") },
    { name: "decline", keys: KEYS.decline, run: () => pressFirst(root, "offer-decline") },
    { name: "return", keys: KEYS.return, run: unlessAsked(() => pressShown(root, "case-return")) },
    { name: "next", keys: KEYS.next, run: unlessAsked(() => work.choice.move(1)) },
    { name: "previous", keys: KEYS.previous, run: unlessAsked(() => work.choice.move(-1)) },
    ...nine("status", (place) => (root.querySelector("dialog[open]") ? false : status(place))),
    { name: "search", keys: KEYS.search, run: unlessAsked(search) },
    { name: "help", keys: KEYS.help, run: unlessAsked(help) },
    { name: "close", keys: KEYS.close, run: unlessAsked(close) },
  );
  return shortcuts;
}
