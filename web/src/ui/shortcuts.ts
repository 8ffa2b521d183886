import { shortcutsOn } from "./preferences";
import { t } from "./texts";

/** A combination: "Alt+A", "Alt+1"…"Alt+9", "?", "/", "Escape". */
export type Keys = string;

export interface Shortcut {
  /** Its name in `texts`' `shortcutNames`. */
  name: keyof typeof t.shortcutNames;
  keys: Keys;
  /** Answers false when there is nothing to do: the key is then the browser's. */
  run: (event: KeyboardEvent) => boolean | void;
}

// With Alt the letter differs by layout and system (Alt+A is "å" on a Mac), so the key's place counts, where it has one
// of a letter or digit; where the layout itself moves letters about (AZERTY, Dvorak), the letter it shows counts first.
function isPressed(keys: Keys, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (!keys.startsWith("Alt+")) return !event.altKey && event.key === keys;
  if (!event.altKey || event.shiftKey) return false;
  const key = keys.slice("Alt+".length);
  const letter = event.key.toUpperCase();
  return /^[A-Z0-9]$/.test(letter) ? letter === key : event.code === `Key${key}` || event.code === `Digit${key}`;
}

const WRITING = "input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit]), textarea, select, [contenteditable]";

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(WRITING) !== null;
}

/** The shortcuts in force. Later ones come first: what is open on top answers before what lies under it. */
export class Shortcuts {
  #known: readonly Shortcut[] = [];

  /** Add some; the result takes them away again. */
  add(...shortcuts: readonly Shortcut[]): () => void {
    this.#known = [...shortcuts, ...this.#known];
    return () => (this.#known = this.#known.filter((each) => !shortcuts.includes(each)));
  }

  /** For the page that explains them, each name once. */
  get all(): readonly Shortcut[] {
    const names = new Set<string>();
    return this.#known.filter(({ name }) => !names.has(name) && names.add(name));
  }

  /** Answers whether the key was one of them and did something. */
  press(event: KeyboardEvent): boolean {
    if (!shortcutsOn.value || event.defaultPrevented || event.isComposing) return false;
    const isSingle = !event.altKey;
    if (isSingle && isWriting(event.target)) return false;
    if (event.repeat && !REPEATED.has(event.code)) return false; // a key held down accepts one offer, not all
    const hit = this.#known.find(({ keys, run }) => isPressed(keys, event) && run(event) !== false);
    if (hit) event.preventDefault();
    return hit !== undefined;
  }

  /** Listen until the result is called. */
  listen(target: Document = document): () => void {
    const hear = (event: KeyboardEvent): void => void this.press(event);
    target.addEventListener("keydown", hear);
    return () => target.removeEventListener("keydown", hear);
  }
}

const REPEATED: ReadonlySet<string> = new Set(["KeyJ", "KeyK"]); // to move on and on

/** The usual keys, so that both pages agree. */
export const KEYS = {
  accept: "Alt+A",
  decline: "Alt+D",
  return: "Alt+R",
  next: "Alt+J",
  previous: "Alt+K",
  search: "/",
  help: "?",
  close: "Escape",
} as const satisfies Partial<Record<Shortcut["name"], Keys>>;

/** One shortcut for each of the first nine of something. */
export function nine(name: Shortcut["name"], run: (index: number) => boolean | void): readonly Shortcut[] {
  return Array.from({ length: 9 }, (_, index) => ({ name, keys: `Alt+${index + 1}`, run: () => run(index) }));
}
