import { type ReadonlySignal, signal } from "@preact/signals";

/** What the tabs of one person say to each other. */
export type TabMessage =
  /** An offer was answered here: be silent about it. */
  | { type: "answered"; tag: string }
  /** The sound was stopped here. */
  | { type: "hushed" }
  | { type: "signed_out" };

/** The part of a BroadcastChannel that tabs need. */
export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: "message", hear: (event: MessageEvent) => void): void;
  close(): void;
}

export type OpenChannel = (name: string) => Channel;
const openChannel: OpenChannel = (name) => new BroadcastChannel(name);

/** The part of the Web Locks that tabs need. */
export type Locks = Pick<LockManager, "request">;

/** Settles when it is aborted, also when it was before. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
}

/** The tabs that one person has open, acting as one: a single one rings, each can act. */
export class Tabs {
  readonly #leads = signal(false);
  readonly #channel: Channel;
  readonly #stop = new AbortController();
  readonly #hearing = new Set<(message: TabMessage) => void>();

  /** `who` names the person: workspace, role and subject. Without locks (a page that is not trusted) every tab leads. */
  constructor(who: string, locks: Locks | null = navigator.locks ?? null, open: OpenChannel = openChannel) {
    this.#channel = open(`casebaton ${who}`);
    this.#channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => {
      for (const hear of [...this.#hearing]) hear(data);
    });
    const { signal: stopped } = this.#stop;
    if (!locks) {
      this.#leads.value = true;
      return;
    }
    // Held until this tab goes, by closing or crashing: then the browser gives it to the next in line.
    const leading = locks.request(`casebaton ${who}`, { signal: stopped }, () => {
      this.#leads.value = true;
      return untilAborted(stopped);
    });
    leading.catch((error: unknown) => {
      if (!stopped.aborted) throw error;
    });
  }

  /** Is this the tab that rings and notifies? Exactly one of them is. */
  get leads(): ReadonlySignal<boolean> {
    return this.#leads;
  }

  /** Tell the others. */
  say(message: TabMessage): void {
    if (!this.#stop.signal.aborted) this.#channel.postMessage(message);
  }

  /** Hear the others; the result ends it. */
  hear(take: (message: TabMessage) => void): () => void {
    this.#hearing.add(take);
    return () => this.#hearing.delete(take);
  }

  close(): void {
    this.#stop.abort();
    this.#leads.value = false;
    this.#channel.close();
  }
}
