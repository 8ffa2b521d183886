import type { Clock, ServerTime } from "./clock";
import type { Draining, Event, Reply, Welcome } from "./messages";
import { PROTOCOL } from "./messages";

export type ConnectionState = "disconnected" | "connecting" | "connected";

/** The part of a WebSocket that is used; a browser's fits as it is. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: string }) => void) | null;
  onclose: ((close: { code: number; reason: string }) => void) | null;
}

/** Why a connection will not come back by itself. `code` is the close code; `reason` the server's words, if it had any. */
export interface Ended {
  code: number;
  reason: string;
}

export interface ConnectionOptions {
  url: string;
  /** Called when there is no token or the last one was refused; null means that there is none to be had. */
  getToken: () => Promise<string | null>;
  openSocket: (url: string) => Socket;
  clock: Clock;
  serverTime: ServerTime;
  /** In [0, 1). */
  random: () => number;
}

export interface ConnectionEvents {
  onState(state: ConnectionState): void;
  onWelcome(welcome: Welcome): void;
  onEvent(event: Event): void;
  onReply(reply: Reply): void;
  /** The socket was closed with this code, and the connection comes back by itself. */
  onLost(code: number): void;
  onEnded(ended: Ended): void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
const STABLE_AFTER_MS = 5_000;
const WELCOME_WITHIN_MS = 10_000;
const TOKEN_REFUSED = 4401;
const NOT_ALLOWED = 4403;
const FINAL_CODES: ReadonlySet<number> = new Set([4400, 4403, 4404, 4406, 4429]);

/** The full-jitter delay before attempt `attempt` (0 is the first again). */
export function backOff(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
}

/**
 * Keep one socket to the server, through losses, until `close` or a final close code.
 *
 * Each `onWelcome` starts afresh: the snapshot in it replaces what was known, and events after it are complete and in
 * order. A gap in their numbers ends the socket, so that a new snapshot comes.
 */
export class Connection {
  state: ConnectionState = "disconnected";
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  #socket: Socket | null = null;
  #token: string | null = null;
  #tokenRefused = false;
  // What the server said to the last hello that it turned down; the close code that follows is what counts.
  #refusal = "";
  #attempts = 0;
  #seq = 0;
  // Counts starts and stops, so that a token that arrives late opens no second socket.
  #generation = 0;
  #cancelReconnect = () => {};
  #cancelWatchdog = () => {};
  #draining = false;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  connect(): void {
    if (this.state === "disconnected") this.#open();
  }

  /** Stop for good; `connect` begins anew. */
  close(): void {
    this.#letGo();
    this.#become("disconnected");
  }

  /** Do not wait any longer for the next attempt. */
  retryNow(): void {
    if (this.state === "connecting") this.#open();
  }

  /** Give up a socket that seems dead; a snapshot follows on the next one. */
  drop(): void {
    if (this.state === "connected") this.#reconnect();
  }

  /** Returns false, sending nothing, unless connected. */
  send(frame: object): boolean {
    if (this.state !== "connected" || !this.#socket) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #become(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.#events.onState(state);
  }

  // A dead link would keep a closing socket alive for minutes: it is no longer listened to.
  #letGo(): void {
    this.#generation += 1;
    this.#cancelReconnect();
    this.#cancelWatchdog();
    this.#draining = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #open(): void {
    this.#letGo();
    this.#become("connecting");
    const generation = this.#generation;
    this.#cancelWatchdog = this.#options.clock.after(WELCOME_WITHIN_MS, () => this.#reconnect());
    if (this.#token !== null) return this.#dial(this.#token);
    this.#options.getToken().then(
      (token) => {
        if (generation !== this.#generation) return;
        this.#token = token;
        if (token === null) this.#end({ code: TOKEN_REFUSED, reason: "there is no valid token" });
        else this.#dial(token);
      },
      () => {
        if (generation === this.#generation) this.#reconnect();
      },
    );
  }

  #dial(token: string): void {
    const socket = this.#options.openSocket(this.#options.url);
    this.#socket = socket;
    this.#refusal = "";
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token, protocol: PROTOCOL }));
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
  }

  #receive(frame: Welcome | Reply | Draining | Event): void {
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame);
      case "reply":
        if (frame.id === null && "error" in frame && this.state !== "connected") this.#refusal = frame.error.detail;
        return this.#events.onReply(frame);
      case "draining":
        this.#draining = true;
        this.#cancelReconnect = this.#options.clock.after(frame.reconnect_after_ms, () => this.#open());
        return;
      default:
        if (frame.seq !== this.#seq + 1) return this.#reconnect();
        this.#seq = frame.seq;
        this.#options.serverTime.hear(frame.at_ms);
        this.#events.onEvent(frame);
    }
  }

  #welcome(welcome: Welcome): void {
    if (welcome.role !== "agent") {
      return this.#end({ code: NOT_ALLOWED, reason: `the token is for the role ${welcome.role}, and this needs an agent's` });
    }
    this.#cancelWatchdog();
    this.#cancelWatchdog = this.#options.clock.after(STABLE_AFTER_MS, () => (this.#attempts = 0));
    this.#tokenRefused = false;
    this.#seq = 0;
    this.#options.serverTime.set(welcome.server_time_ms);
    this.#become("connected");
    this.#events.onWelcome(welcome);
  }

  #closed(code: number, reason: string): void {
    this.#socket = null;
    if (FINAL_CODES.has(code)) return this.#end({ code, reason });
    if (code === TOKEN_REFUSED) {
      this.#token = null;
      if (this.#tokenRefused) return this.#end({ code, reason });
      this.#tokenRefused = true;
      return this.#open();
    }
    if (this.#draining) this.#become("connecting"); // the node said when to come back
    else this.#reconnect();
    this.#events.onLost(code);
  }

  #reconnect(): void {
    this.#letGo();
    this.#become("connecting");
    const delay = backOff(this.#attempts, this.#options.random);
    this.#attempts += 1;
    this.#cancelReconnect = this.#options.clock.after(delay, () => this.#open());
  }

  #end({ code, reason }: Ended): void {
    this.#letGo();
    this.#tokenRefused = false;
    this.#attempts = 0;
    this.#become("disconnected");
    this.#events.onEnded({ code, reason: this.#refusal || reason });
  }
}
