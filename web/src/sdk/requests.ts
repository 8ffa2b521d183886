import type { Clock } from "./clock.ts";
import { NotSent, OutcomeUnknown, errorOf } from "./errors.ts";
import { jsonOf } from "./json.ts";
import type { Command, Fault, Limits } from "./types.ts";

/** What the server said yes to, and its place in the log. */
export interface Accepted {
  ok: unknown;
  position: string;
}

export type Reply =
  | { type: "reply"; id: string; ok: unknown; position: string }
  | { type: "reply"; id: string | null; error: Fault };

interface Pending {
  id: string;
  text: string;
  lasting: boolean;
  /** On this connection, and on one before it: then it may have run. */
  isSent: boolean;
  wasSent: boolean;
  resolve(accepted: Accepted): void;
  reject(error: Error): void;
  cancelDeadline(): void;
}

export interface IssueOptions {
  /** Sent again, with the same id, after the connection was lost; others are given up then. */
  lasting?: boolean;
  deadlineMs?: number;
}

export interface RequestsOptions {
  /** Returns false, sending nothing, unless connected. */
  send(text: string): boolean;
  clock: Clock;
  deadlineMs: number;
  /** A command stayed without an answer: the connection may be dead. */
  onSilence(): void;
}

const MOST_WAITING = 1000;

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

// crypto.randomUUID() is missing where a page is served over plain http from another machine.
export function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A bucket of one second's commands, as the server has one: bursts pass at once, the rest as fast as it allows. */
class Allowance {
  #left = 0;
  #at = 0;
  #rate = 1;

  open(rate: number, now: number): void {
    [this.#rate, this.#left, this.#at] = [rate, rate, now];
  }

  take(now: number): boolean {
    this.#left = Math.min(this.#rate, this.#left + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** The server's own count is behind: its bucket is empty. */
  empty(): void {
    this.#left = 0;
  }

  get waitMs(): number {
    return Math.max(1, ((1 - this.#left) * 1000) / this.#rate);
  }
}

/** Match replies to commands. Every promise settles: answered, refused, `NotSent`, or `OutcomeUnknown` at the deadline. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #pending = new Map<string, Pending>(); // in the order in which they were asked
  readonly #allowance = new Allowance();
  #frameBytes = 0;
  #isOpen = false;
  #unsent = 0;
  #cancelFlush: (() => void) | null = null;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** A connection began: what had no answer is asked again; the server knows the id if it was carried out. */
  open(limits: Limits): void {
    this.#frameBytes = limits.frame_bytes;
    this.#allowance.open(limits.commands_per_second, this.#options.clock.now());
    this.#isOpen = true;
    this.#flush();
  }

  /** Send as soon as the server allows, or reject as `NotSent`: a command is never kept until a connection comes. */
  issue(command: Command, { lasting = true, deadlineMs = this.#options.deadlineMs }: IssueOptions = {}): Promise<Accepted> {
    const id = randomUuid();
    const text = jsonOf({ ...command, id });
    if (!this.#isOpen) return Promise.reject(new NotSent());
    if (this.#pending.size >= MOST_WAITING) return Promise.reject(new NotSent(`${MOST_WAITING} commands wait for their answers`));
    if (text.length * 3 > this.#frameBytes && bytesOf(text) > this.#frameBytes) {
      return Promise.reject(new NotSent(`${command.type} has ${bytesOf(text)} bytes, and the server takes ${this.#frameBytes}`));
    }
    return new Promise((resolve, reject) => {
      const cancelDeadline = this.#options.clock.after(deadlineMs, () => this.#expire(id));
      this.#pending.set(id, { id, text, lasting, isSent: false, wasSent: false, resolve, reject, cancelDeadline });
      this.#unsent += 1;
      this.#flush();
    });
  }

  answer(reply: Reply): void {
    const pending = reply.id === null ? undefined : this.#pending.get(reply.id);
    if (!pending) return; // it comes too late, and is nobody's
    if ("error" in reply && reply.error.code === "TOO_FAST") return this.#holdBack(pending);
    this.#take(pending);
    if ("error" in reply) pending.reject(errorOf(reply.error));
    else pending.resolve({ ok: reply.ok, position: reply.position });
  }

  /** The connection is lost: what is not lasting ends here. */
  lose(): void {
    this.#close();
    for (const pending of this.#pending.values()) {
      if (pending.isSent) this.#unsent += 1;
      pending.wasSent ||= pending.isSent;
      pending.isSent = false;
      if (!pending.lasting) this.#take(pending).reject(new NotSent("the connection was lost"));
    }
  }

  /** The connection will not come back. */
  giveUp(): void {
    this.#close();
    for (const pending of this.#pending.values()) {
      const error = pending.isSent || pending.wasSent ? new OutcomeUnknown() : new NotSent();
      this.#take(pending).reject(error);
    }
  }

  #close(): void {
    this.#isOpen = false;
    this.#cancelFlush?.();
    this.#cancelFlush = null;
  }

  #flush(): void {
    if (this.#unsent === 0 || this.#cancelFlush) return;
    for (const pending of this.#pending.values()) {
      if (pending.isSent) continue;
      if (!this.#allowance.take(this.#options.clock.now())) return this.#flushLater();
      if (!this.#options.send(pending.text)) return;
      pending.isSent = true;
      this.#unsent -= 1;
    }
  }

  #flushLater(): void {
    this.#cancelFlush = this.#options.clock.after(this.#allowance.waitMs, () => {
      this.#cancelFlush = null;
      this.#flush();
    });
  }

  // The server did not run it: it goes out again.
  #holdBack(pending: Pending): void {
    if (!pending.isSent) return;
    pending.isSent = false;
    this.#unsent += 1;
    this.#allowance.empty();
    if (!this.#cancelFlush) this.#flushLater();
  }

  #expire(id: string): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#take(pending);
    if (!pending.isSent && !pending.wasSent) return pending.reject(new NotSent("it could not be sent in time"));
    pending.reject(new OutcomeUnknown());
    if (pending.isSent) this.#options.onSilence();
  }

  #take(pending: Pending): Pending {
    this.#pending.delete(pending.id);
    if (!pending.isSent) this.#unsent -= 1;
    pending.cancelDeadline();
    return pending;
  }
}
