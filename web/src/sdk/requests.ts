import type { Clock } from "./clock";
import { CommandRefused, NotSent, OutcomeUnknown } from "./errors";
import type { Command, Reply } from "./messages";

/** What the server said yes to, and its place in the log. */
export interface Accepted {
  ok: unknown;
  position: string;
}

interface Pending {
  frame: Command & { id: string };
  /** Sent again, with the same id, after the connection was lost; others are given up then. */
  lasting: boolean;
  resolve(accepted: Accepted): void;
  reject(error: Error): void;
  cancelDeadline(): void;
}

const ANSWER_WITHIN_MS = 10_000;

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };

// crypto.randomUUID() is missing where a page is served over plain http from another machine.
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Match replies to commands. Every promise settles: answered, refused, or `OutcomeUnknown` after 10 s. */
export class Requests {
  readonly #pending = new Map<string, Pending>();
  readonly #send: (frame: object) => boolean;
  readonly #clock: Clock;
  readonly #onSilence: () => void;

  /** `onSilence` is told when a command stayed without an answer: the connection may be dead. */
  constructor(send: (frame: object) => boolean, clock: Clock, onSilence: () => void) {
    this.#send = send;
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** Send now or reject as `NotSent`: a command is never kept until a connection comes. */
  issue(command: Command, { lasting = true } = {}): Promise<Accepted> {
    const frame = { ...command, id: randomUuid() };
    if (!this.#send(frame)) return Promise.reject(new NotSent());
    return new Promise((resolve, reject) => {
      const cancelDeadline = this.#clock.after(ANSWER_WITHIN_MS, () => {
        this.#pending.delete(frame.id);
        reject(new OutcomeUnknown());
        this.#onSilence();
      });
      this.#pending.set(frame.id, { frame, lasting, resolve, reject, cancelDeadline });
    });
  }

  answer(reply: Reply): void {
    const pending = this.#take(reply.id);
    if (!pending) return;
    if ("error" in reply) pending.reject(new CommandRefused(reply.error));
    else pending.resolve(reply);
  }

  /** The connection is lost: what is not lasting ends here. */
  lose(): void {
    for (const { frame, lasting, reject } of this.#pending.values()) {
      if (lasting) continue;
      this.#take(frame.id);
      reject(new NotSent());
    }
  }

  /** After a new welcome: what had no answer is asked again; the server knows the id if it was carried out. */
  sendAgain(): void {
    for (const { frame } of this.#pending.values()) this.#send(frame);
  }

  /** The connection will not come back. */
  giveUp(): void {
    for (const { frame, reject } of this.#pending.values()) {
      this.#take(frame.id);
      reject(new OutcomeUnknown());
    }
  }

  #take(id: string | null): Pending | undefined {
    const pending = id === null ? undefined : this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(pending.frame.id);
    pending.cancelDeadline();
    return pending;
  }
}
