import { type ReadonlySignal, type Signal, batch, signal } from "@preact/signals";
import { type CaseDetail, CasebatonError, type Event, type Line, type Note, type Overview, type Supervisor, type Why } from "../../sdk/index.ts";
import { type Frames, browserFrames } from "../floor/pace";
import { WatchedWhy } from "./watched-why";

const PAGE = 50; // events

/** One case with its history, its notes and why it is where it is, as long as it is looked at. */
export class WatchedCase {
  readonly one: Signal<CaseDetail | null> = signal(null);
  readonly why: ReadonlySignal<Why | null>;
  readonly notes: Signal<readonly Note[]> = signal([]);
  /** Newest first. */
  readonly events: Signal<readonly Event[]> = signal([]);
  /** Where the events before go on; null: there are none. */
  readonly cursor: Signal<string | null> = signal(null);
  /** Does the log hold nothing before the events, although there was something? */
  readonly isCut: Signal<boolean> = signal(false);
  /** Why it cannot be read, while nothing is known. */
  readonly failure: Signal<CasebatonError | null> = signal(null);
  readonly #supervisor: Supervisor;
  readonly #id: string;
  readonly #stops: (() => void)[];
  readonly #why: WatchedWhy;
  #leaveLine: (() => void) | null = null;
  #line: Line | null = null;
  #reading: Promise<void> | null = null;
  #isStale = false;
  #isClosed = false;

  constructor(supervisor: Supervisor, overview: Pick<Overview, "on">, id: string, frames: Frames = browserFrames) {
    this.#supervisor = supervisor;
    this.#id = id;
    this.#why = new WatchedWhy(supervisor, overview, id, frames);
    this.why = this.#why.why;
    const { client } = supervisor;
    this.#stops = [() => this.#why.close(), client.on("event", (event) => void (event.case === id && this.read())), client.on("snapshot", () => void this.read())];
    void this.read();
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#leave();
  }

  /** Read all of it anew; asked for meanwhile, once more afterwards: what happens in a burst is read twice at most. */
  read(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#readWhileStale().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** The page of events before those that are known. */
  async readEarlier(): Promise<void> {
    const cursor = this.cursor.peek();
    if (cursor === null) return;
    const { items, next_cursor, truncated } = await this.#supervisor.history(this.#id, { limit: PAGE, cursor });
    batch(() => {
      this.events.value = [...this.events.peek(), ...items];
      this.#stand(next_cursor, truncated);
    });
  }

  async #readWhileStale(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      try {
        await this.#readOnce();
      } catch (error) {
        if (!(error instanceof CasebatonError)) throw error;
        // With the connection lost it stays as it was; the next one begins anew.
        if (!this.one.peek()) this.failure.value = error;
        return;
      }
    }
  }

  async #readOnce(): Promise<void> {
    const supervisor = this.#supervisor;
    const one = await supervisor.read(this.#id);
    if (this.#isClosed) return;
    this.#follow(one.queue); // before the rest is read, so that nothing falls in between
    const [history, notes, why] = await Promise.all([
      supervisor.history(this.#id, { limit: PAGE }),
      one.notes > 0 ? supervisor.notes(this.#id) : [],
      supervisor.why(this.#id),
    ]);
    batch(() => {
      this.failure.value = null;
      this.one.value = { ...one, ...why.case };
      this.#why.take(why);
      this.notes.value = notes;
      this.#merge(history.items, history.next_cursor, history.truncated);
    });
  }

  // Earlier pages stay, where they follow on this one.
  #merge(items: readonly Event[], cursor: string | undefined, isCut: boolean | undefined): void {
    const first = items.at(-1)?.position;
    const at = this.events.peek().findIndex(({ position }) => position === first);
    const earlier = at < 0 ? [] : this.events.peek().slice(at + 1);
    this.events.value = [...items, ...earlier];
    if (earlier.length === 0) this.#stand(cursor, isCut);
  }

  #stand(cursor: string | undefined, isCut: boolean | undefined): void {
    this.cursor.value = cursor ?? null;
    this.isCut.value = isCut ?? false;
  }

  // A case's events come to who watches its queue.
  #follow(queue: string): void {
    if (this.#line?.queue === queue && !this.#line.isOver) return;
    this.#leave();
    const line = (this.#line = this.#supervisor.watchQueue(queue));
    this.#leaveLine = line.on("change", () => this.#why.hearOf(line));
  }

  #leave(): void {
    this.#leaveLine?.();
    this.#leaveLine = null;
    // Without a connection nothing is watched there any more; what else may be refused here harms nobody.
    this.#line?.unwatch().catch((error: unknown) => {
      if (!(error instanceof CasebatonError)) throw error;
    });
    this.#line = null;
  }
}
