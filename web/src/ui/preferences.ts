import { type Signal, signal } from "@preact/signals";

// What somebody likes on this device. One signal each; a change in one tab is a change in all of them. Private windows
// and full disks may refuse to store: the choice then holds for this tab alone.

const KEY = "casebaton.";

function stored(name: string): string | null {
  try {
    return globalThis.localStorage?.getItem(KEY + name) ?? null;
  } catch {
    return null; // access to storage itself can be forbidden
  }
}

function store(name: string, text: string): void {
  try {
    globalThis.localStorage?.setItem(KEY + name, text);
  } catch {
    // see above: nothing is lost but the memory of it
  }
}

const known = new Map<string, (text: string | null) => void>();

/** A preference with a fall-back; `parse` answers null for what it cannot use (an older or newer page may have written it). */
export function preference<Value extends string | number | boolean>(
  name: string,
  fallback: Value,
  parse: (text: string) => Value | null,
): Signal<Value> {
  const read = (text: string | null): Value => (text === null ? fallback : (parse(text) ?? fallback));
  const kept = signal(read(stored(name)));
  let last = kept.peek();
  known.set(KEY + name, (text) => {
    last = read(text);
    kept.value = last;
  });
  kept.subscribe((value) => {
    if (value === last) return; // it came from storage
    last = value;
    store(name, String(value));
  });
  return kept;
}

function oneOf<Word extends string>(...words: readonly Word[]): (text: string) => Word | null {
  return (text) => words.find((word) => word === text) ?? null;
}

const onOff = (text: string): boolean | null => (text === "true" ? true : text === "false" ? false : null);

function share(text: string): number | null {
  const number = Number(text);
  return text !== "" && number >= 0 && number <= 1 ? number : null;
}

export type Theme = "system" | "light" | "dark";
export type Density = "comfortable" | "compact";
export type Sound = "off" | "once" | "looped";

export const theme = preference<Theme>("theme", "system", oneOf("system", "light", "dark"));
export const density = preference<Density>("density", "comfortable", oneOf("comfortable", "compact"));
export const sound = preference<Sound>("sound", "looped", oneOf("off", "once", "looped"));
/** 0 to 1. */
export const volume = preference<number>("volume", 0.6, share);
export const shortcutsOn = preference<boolean>("shortcuts", true, onOff);
/** Were notifications asked for? The browser's own permission is needed besides. */
export const notificationsOn = preference<boolean>("notifications", false, onOff);
/** Open the case's record when its offer is accepted? */
export const opensRecord = preference<boolean>("opens_record", false, onOff);

/** Keep the screen on while online? Costs battery. */
export const keepsAwake = preference<boolean>("keeps_awake", false, onOff);

/** Take up what other tabs change, and show theme and density on the root. Call once per page. */
export function applyPreferences(root: HTMLElement = document.documentElement): void {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === null) for (const take of known.values()) take(null); // storage was cleared
    else known.get(key)?.(newValue);
  });
  theme.subscribe((value) => void (root.dataset["theme"] = value));
  density.subscribe((value) => void (root.dataset["density"] = value));
}
