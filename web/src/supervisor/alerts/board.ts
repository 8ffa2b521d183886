import { type ReadonlySignal, type Signal, computed, signal } from "@preact/signals";
import type { Alert, Overview, OverviewChange } from "../../sdk/index.ts";
import { preference } from "../../ui/preferences";
import { type Frames, Pace, browserFrames } from "../floor/pace";
import { type Thing, thingsOf } from "./things";

const KEPT = 300; // of what was seen: more than the server keeps
const LEAST_MS = 250;
const NO_SPACE = /^\S+$/;

// Ids, parted by spaces. On this device alone: a colleague's eyes are their own.
const seenIds = preference("alerts_seen", "", (text) => (text === "" || text.split(" ").every((id) => NO_SPACE.test(id)) ? text : null));

type Watched = Pick<Overview, "alerts" | "alertsUntold" | "on">;

/** What supervisors are alerted to, one for each thing, the newest first, and which of it somebody has seen on this device. */
export class AlertBoard {
  readonly things: ReadonlySignal<readonly Thing[]>;
  readonly seen: ReadonlySignal<ReadonlySet<string>> = computed(() => new Set(seenIds.value.split(" ").filter((id) => id !== "")));
  /** Those that nobody has seen here, but for what is over by itself. */
  readonly unseen: ReadonlySignal<readonly Thing[]>;
  /** How many crossed thresholds are not among them. */
  readonly untold: ReadonlySignal<number>;
  readonly #untold: Signal<number> = signal(0);
  readonly #things: Signal<readonly Thing[]> = signal([]);
  readonly #overview: Watched;
  readonly #onNew: (alert: Alert) => void;
  readonly #isPaused: ReadonlySignal<boolean>;
  readonly #pace: Pace;
  readonly #stops: (() => void)[];

  /** `onNew` hears of each that comes while one watches. */
  constructor(overview: Watched, isPaused: ReadonlySignal<boolean>, onNew: (alert: Alert) => void, frames: Frames = browserFrames) {
    this.things = this.#things;
    this.untold = this.#untold;
    this.unseen = computed(() => this.#things.value.filter(({ latest }) => latest.cleared_at_ms === undefined && !this.seen.value.has(latest.id)));
    this.#overview = overview;
    this.#onNew = onNew;
    this.#isPaused = isPaused;
    this.#pace = new Pace(() => this.#draw(), LEAST_MS, frames);
    this.#stops = [overview.on("change", (change) => this.#take(change)), isPaused.subscribe(() => this.#pace.ask())];
  }

  /** Told again, each has to be seen again. */
  see(things: readonly Thing[]): void {
    seenIds.value = [...new Set([...seenIds.peek().split(" "), ...things.map(({ latest }) => latest.id)])].filter((id) => NO_SPACE.test(id)).slice(-KEPT).join(" ");
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #take({ begins, alerts, frames }: OverviewChange): void {
    const isAnew = begins || frames.some(({ alerts_anew }) => alerts_anew);
    if (!isAnew && alerts.length === 0) return;
    if (!isAnew) for (const alert of alerts) if (alert.cleared_at_ms === undefined && !this.seen.peek().has(alert.id)) this.#onNew(alert);
    this.#pace.ask();
  }

  #draw(): void {
    if (this.#isPaused.peek()) return;
    this.#things.value = thingsOf([...this.#overview.alerts.values()].reverse());
    this.#untold.value = this.#overview.alertsUntold;
  }
}
