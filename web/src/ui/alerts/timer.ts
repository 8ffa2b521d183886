import { timerWorker } from "../trusted";
import type { TimerOrder } from "./timer-worker";

/** The part of a worker that timers need. */
export interface TimerPort {
  postMessage(order: TimerOrder): void;
  onmessage: ((event: { data: number }) => void) | null;
  onerror: (() => void) | null;
}

/**
 * Timers that run on time in a hidden tab, where a page's own may be a minute late. One worker for all of them, begun
 * with the first. Where a worker cannot be had the page's own timers serve.
 */
export class WorkerTimers {
  readonly #open: () => TimerPort;
  #port: TimerPort | null | undefined; // undefined: not tried yet; null: cannot be had
  #count = 0;
  readonly #waiting = new Map<number, { action: () => void; at: number }>();

  constructor(open: () => TimerPort = () => timerWorker() as unknown as TimerPort) {
    this.#open = open;
  }

  /** Run `action` once after `ms`; the result cancels it. */
  after(ms: number, action: () => void): () => void {
    const id = ++this.#count;
    this.#waiting.set(id, { action, at: performance.now() + ms });
    this.#order(id, ms);
    return () => {
      if (this.#waiting.delete(id)) this.#port?.postMessage({ id, ms: null });
    };
  }

  #order(id: number, ms: number): void {
    if (this.#port === undefined) this.#begin();
    if (this.#port) this.#port.postMessage({ id, ms });
    else setTimeout(() => this.#ring(id), ms);
  }

  #begin(): void {
    try {
      this.#port = this.#open();
    } catch {
      this.#port = null; // no workers here
      return;
    }
    this.#port.onmessage = ({ data }) => this.#ring(data);
    this.#port.onerror = () => {
      this.#port = null; // its file could not be had: what it was to ring is taken over
      for (const [id, { at }] of this.#waiting) this.#order(id, Math.max(0, at - performance.now()));
    };
  }

  #ring(id: number): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.action();
  }
}
