import { signal } from "@preact/signals";
import { CasebatonError, Client, CommandRefused, ConnectionEnded, WrongRole } from "../sdk/index";
import type { Clock, ConnectionState, Ended } from "../sdk/index";
import { systemClock } from "../sdk/index";
import type { Session } from "../ui/alerts/handover";
import { WorkerTimers } from "../ui/alerts/timer";
import { Restart } from "./restart";

const TOO_MANY_CONNECTIONS = 4003;
const RENEW_BEFORE_MS = 300_000;
const RENEW_AGAIN_MS = { least: 1000, most: 15_000 }; // after a try that nobody answered
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer worker for all: a hidden tab's own timers may be a minute late, and with them an offer. */
export const timers = new WorkerTimers();

const clock: Clock = { now: systemClock.now, after: (ms, action) => timers.after(ms, action) };

/** When to ask for a newer token, of one that lasts so long: five minutes before its end, or a quarter of a short life. */
export function renewInMs(leftMs: number): number {
  return Math.min(leftMs - Math.min(RENEW_BEFORE_MS, leftMs / 4), LONGEST_TIMER_MS);
}

/** When to ask again, of a token that lasts so long yet: what is left of a short one holds several tries. */
export function renewAgainInMs(leftMs: number): number {
  return Math.max(RENEW_AGAIN_MS.least, Math.min(RENEW_AGAIN_MS.most, leftMs / 4));
}

/** Did nobody say no, so that another try may be answered otherwise? Raises what is no answer of the server's. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof CasebatonError)) throw error;
  return error instanceof CommandRefused ? error.retryable : !(error instanceof ConnectionEnded || error instanceof WrongRole);
}

/** A session's connection as signals, kept up as well as a page can: by the network's own word, by looks, by new tokens. */
export class Link {
  readonly workspace: string;
  readonly client: Client;
  readonly state = signal<ConnectionState>("disconnected");
  readonly ended = signal<Ended | null>(null);
  /** The server turned this connection away because the account has as many as it may. */
  readonly isCrowded = signal(false);
  /** What the node has said of stopping soon. */
  readonly restart = new Restart(clock);
  /** When the next attempt comes, by the client's clock; null while one is under way or none is needed. */
  readonly retryAtMs = signal<number | null>(null);
  /** Has there been a connection? Before, a failed attempt interrupts nothing. */
  readonly wasThere = signal(false);
  readonly #stop = new AbortController();
  readonly #onToken: (token: string) => void;
  #cancelRenewal = (): void => {};

  /** `onToken` is told of each newer token. */
  constructor({ workspace, token }: Session, onToken: (token: string) => void) {
    this.workspace = workspace;
    this.#onToken = onToken;
    this.client = new Client({ url: location.origin, workspace, token, getToken: async () => null, clock });
    this.#follow();
  }

  /** Connect, or do so again after an end. */
  open(): void {
    this.ended.value = null;
    this.client.open().catch(() => {}); // `ended` tells
  }

  retryNow(): void {
    this.client.retryNow();
  }

  close(): void {
    this.#stop.abort();
    this.#cancelRenewal();
    this.restart.end();
    this.client.close();
  }

  #follow(): void {
    const { client } = this;
    client.on("state", (state) => {
      this.state.value = state;
      if (state !== "connecting") this.retryAtMs.value = null;
      if (state === "connected") {
        this.restart.end();
        this.isCrowded.value = false;
      }
      this.wasThere.value ||= state === "connected";
    });
    client.on("ended", (ended) => (this.ended.value = ended));
    client.on("draining", ({ reconnect_after_ms }) => this.restart.announce(reconnect_after_ms));
    client.on("lost", ({ closeCode }) => (this.isCrowded.value = closeCode === TOO_MANY_CONNECTIONS));
    client.on("retry", ({ inMs }) => (this.retryAtMs.value = client.time.now() + inMs));
    client.on("snapshot", (welcome) => this.#planRenewal((welcome as { expires_at_ms?: number }).expires_at_ms));
    const options = { signal: this.#stop.signal };
    addEventListener("online", () => client.retryNow(), options);
    addEventListener("offline", () => client.drop(), options);
    document.addEventListener("visibilitychange", () => this.#look(), options);
  }

  #look(): void {
    if (document.hidden) return;
    this.client.retryNow();
    if (this.client.state === "connected") void this.client.probe();
  }

  #planRenewal(expiresAtMs: number | undefined): void {
    this.#cancelRenewal();
    if (!expiresAtMs) return;
    const inMs = renewInMs(expiresAtMs - this.client.time.now());
    this.#cancelRenewal = timers.after(inMs, () => void this.#renew(expiresAtMs));
  }

  // Where tokens are not renewed, the session lasts as long as the token does; the server then says so.
  async #renew(expiresAtMs: number): Promise<void> {
    try {
      const answer = await this.client.http.change("POST", "token", {});
      const { token, expires_at_ms } = answer as { token: string; expires_at_ms: number };
      await this.client.refreshToken(token);
      this.#onToken(token);
      this.#planRenewal(expires_at_ms);
    } catch (error) {
      if (!isPassing(error) || this.ended.peek() !== null) return;
      const inMs = renewAgainInMs(expiresAtMs - this.client.time.now());
      this.#cancelRenewal = timers.after(inMs, () => void this.#renew(expiresAtMs));
    }
  }
}
