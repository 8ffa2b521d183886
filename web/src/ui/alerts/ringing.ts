import { effect, signal } from "@preact/signals";
import type { Sound } from "../preferences";
import type { Note } from "./notification";
import type { TabMessage } from "./tabs";

/** What an offer needs to ring; the real ones are made by `openAlerts`. */
export interface Means {
  bell: { ring(volume: () => number, isLooped: boolean): void; stop(): void };
  notify(note: Note): Promise<void>;
  close(tag: string): Promise<void>;
  badge(count: number): void;
  vibrate(): void;
  tabs: { leads: { value: boolean }; say(message: TabMessage): void; hear(take: (message: TabMessage) => void): () => void };
  sound: () => Sound;
  volume: () => number;
  /** Read within an effect: it is told when that changes. */
  isHidden: () => boolean;
}

/**
 * The alerts of the offers that are open. `show` them whenever they change; what is new rings and is notified, what is
 * gone falls silent. Every tab knows all offers, and the one that leads makes the noise.
 */
export class Ringing {
  readonly #means: Means;
  readonly #open = signal<readonly Note[]>([]);
  /** Answered, or stopped by hand: they ring no more. */
  readonly #silent = signal<ReadonlySet<string>>(new Set());
  /** Shown as notifications by this tab. */
  readonly #notified = new Set<string>();
  #rung: ReadonlySet<string> = new Set();
  readonly #stops: readonly (() => void)[];

  constructor(means: Means) {
    this.#means = means;
    this.#stops = [
      means.tabs.hear((message) => this.#hear(message)),
      effect(() => means.badge(this.#open.value.length)),
      effect(() => this.#sound()),
      effect(() => this.#notify()),
    ];
  }

  /** The offers that are open now. */
  show(notes: readonly Note[]): void {
    const before = this.#open.peek();
    const tags = new Set(notes.map(({ tag }) => tag));
    if (before.length === tags.size && before.every(({ tag }) => tags.has(tag))) return;
    const silent = new Set([...this.#silent.peek()].filter((tag) => tags.has(tag)));
    if (silent.size !== this.#silent.peek().size) this.#silent.value = silent;
    this.#open.value = notes;
  }

  /** One was answered in this tab: all tabs fall silent about it at once, before the server has said so. */
  answered(tag: string): void {
    this.#hush([tag]);
    this.#means.tabs.say({ type: "answered", tag });
  }

  /** Stop the sound of what rings now, in all tabs; the next offer rings again. */
  hush(): void {
    this.#hush(this.#open.peek().map(({ tag }) => tag));
    this.#means.tabs.say({ type: "hushed" });
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#means.bell.stop();
    this.#means.badge(0);
    for (const tag of this.#notified) void this.#means.close(tag);
  }

  #hush(tags: readonly string[]): void {
    this.#silent.value = new Set([...this.#silent.peek(), ...tags]);
  }

  #hear(message: TabMessage): void {
    if (message.type === "answered") this.#hush([message.tag]);
    if (message.type === "hushed") this.#hush(this.#open.peek().map(({ tag }) => tag));
  }

  #loud(): readonly Note[] {
    const silent = this.#silent.value;
    return this.#open.value.filter(({ tag }) => !silent.has(tag));
  }

  // Only the offer that came first rings; the bell goes on while one after the other is answered.
  #sound(): void {
    const { bell, sound, volume, tabs } = this.#means;
    const how = sound();
    const tags = this.#loud().map(({ tag }) => tag);
    const hasNew = tags.some((tag) => !this.#rung.has(tag));
    this.#rung = new Set(tags);
    if (tags.length === 0 || !tabs.leads.value || how === "off") bell.stop();
    else if (how === "looped" || hasNew) bell.ring(volume, how === "looped");
  }

  #notify(): void {
    const { notify, close, vibrate, tabs, isHidden } = this.#means;
    const loud = tabs.leads.value && isHidden() ? this.#loud() : []; // who looks at the page sees the offers themselves
    const tags = new Set(loud.map(({ tag }) => tag));
    for (const tag of this.#notified) {
      if (tags.has(tag)) continue;
      this.#notified.delete(tag);
      void close(tag);
    }
    for (const note of loud) {
      if (this.#notified.has(note.tag)) continue;
      this.#notified.add(note.tag);
      void notify(note);
      vibrate();
    }
  }
}
