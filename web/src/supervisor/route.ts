import { type ReadonlySignal, computed, signal } from "@preact/signals";

// Where one is stands in the address's fragment, so that it can be sent to a colleague: #/agent/ana?team=north.

const SCREENS = ["wallboard", "agents", "agent", "queues", "queue", "cases", "case", "reports", "alerts", "roster", "configuration", "health"] as const;
export type Screen = (typeof SCREENS)[number];
export type Query = Readonly<Record<string, string>>;

export interface Route {
  screen: Screen;
  /** Of what the screen is about; empty for screens that are about everything. */
  id: string;
  /** How it is shown: what is sorted by, filtered by. */
  query: Query;
}

/** What a fragment means; what none of the screens is, is the wallboard. */
export function parseRoute(fragment: string): Route {
  const [path = "", search = ""] = fragment.replace(/^#?\/?/, "").split(/\?(.*)/s);
  const [name = "", id = ""] = path.split(/\/(.*)/s);
  const query = Object.fromEntries(new URLSearchParams(search));
  const screen = SCREENS.find((each) => each === name);
  return screen ? { screen, id: decoded(id), query } : { screen: "wallboard", id: "", query };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand, with a lone %
  }
}

/** The fragment that means it. */
export function href(screen: Screen, id = "", query: Query = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${screen}${id && `/${encodeURIComponent(id)}`}${search && `?${search}`}`;
}

const fragment = signal(globalThis.location?.hash ?? "");
globalThis.addEventListener?.("hashchange", () => (fragment.value = location.hash));

/** Where one is. */
export const route: ReadonlySignal<Route> = computed(() => parseRoute(fragment.value));

/** Go somewhere; "back" comes back. */
export function go(screen: Screen, id = "", query: Query = {}): void {
  location.hash = href(screen, id, query);
}

/** Show the same in another way; "back" does not go through each of them. An empty value takes its name away. */
export function setQuery(changes: Query): void {
  const { screen, id, query } = route.peek();
  history.replaceState(null, "", href(screen, id, { ...query, ...changes }));
  fragment.value = location.hash;
}
