import type { Clock, ServerTime } from "./clock.ts";
import { ConnectionEnded } from "./errors.ts";
import type { WrongRole } from "./errors.ts";
import type { Reply } from "./requests.ts";
import type { Tokens } from "./tokens.ts";
import { PROTOCOL } from "./types.ts";
import type { Draining, Event, Welcome } from "./types.ts";

/** `connecting` lasts through every attempt and the waits between them; `disconnected` is before and after. */
export type ConnectionState = "disconnected" | "connecting" | "connected";

/** Why a connection will not come back by itself. */
export type Ended = ConnectionEnded | WrongRole;

/** The part of a WebSocket that is used; a browser's fits as it is, and so does that of the package `ws`. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((message: { data: never }) => void) | null;
  onclose: ((close: { code: number; reason: string }) => void) | null;
}

/** A connection, or an attempt at one, ended with this close code, and another attempt follows. */
export interface Lost {
  closeCode: number;
  reason: string;
  retryInMs: number;
}

/** An attempt is waited for: the `attempt`-th since a connection lasted. */
export interface Retry {
  attempt: number;
  inMs: number;
}

export interface ConnectionOptions {
  url: string;
  tokens: Tokens;
  openSocket: (url: string) => Socket;
  clock: Clock;
  time: ServerTime;
  /** In [0, 1). */
  random: () => number;
}

export interface ConnectionEvents {
  /** Why this welcome is of no use; null when it is. */
  refuses(welcome: Welcome): Ended | null;
  /** Called before `onState("connected")`. */
  onWelcome(welcome: Welcome): void;
  onState(state: ConnectionState): void;
  onEvent(event: Event): void;
  onReply(reply: Reply): void;
  onDraining(draining: Draining): void;
  onLost(lost: Lost): void;
  onRetry(retry: Retry): void;
  onEnded(error: Ended): void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;
// Where nobody answers there is nobody to spare: a node that starts anew is found soon, within its agents' grace. Not for
// ever, since a proxy before it may be spared, too.
const SOON_DELAY_MS = 2_000;
const SOON_ATTEMPTS = 30;
const STABLE_AFTER_MS = 5_000;
const WELCOME_WITHIN_MS = 10_000;
export const PROTOCOL_ERROR = 1002;
export const LOST = 1006;
export const POSITION_LOST = 4002;
export const TOKEN_REFUSED = 4401;
export const WRONG_PROTOCOL = 4406;

/** The full-jitter delay before attempt `attempt` (0 is the first again); `isAnswered`: did the last one reach a server? */
export function backOff(attempt: number, isAnswered: boolean, random: () => number): number {
  const longestMs = isAnswered || attempt >= SOON_ATTEMPTS ? LONGEST_DELAY_MS : SOON_DELAY_MS;
  return random() * Math.min(longestMs, FIRST_DELAY_MS * 2 ** attempt);
}

/** Would the next attempt end in the same way? */
export function isFinal(closeCode: number): boolean {
  return closeCode === PROTOCOL_ERROR || (closeCode >= 4400 && closeCode < 4500);
}

/**
 * Keep one socket to the server, through losses, until `close` or a final close code.
 *
 * Each `onWelcome` starts afresh: the snapshot in it replaces what was known, and events after it are complete and in
 * order. A gap in their numbers ends the socket, so that a new snapshot comes.
 */
export class Connection {
  state: ConnectionState = "disconnected";
  /** When the last frame came, by the clock. */
  heardAt = 0;
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  #socket: Socket | null = null;
  #token = "";
  #tokenRefused = false;
  // What the server said to the last hello that it turned down; the close code that follows is what counts.
  #refusal = "";
  #attempts = 0;
  #isAnswered = false;
  #seq = 0;
  // Counts starts and stops, so that a token that arrives late opens no second socket.
  #generation = 0;
  #cancelReconnect = (): void => {};
  #cancelWatchdog = (): void => {};
  #nextAt: number | null = null;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** How long until the next attempt; null when none is waited for. */
  get retryInMs(): number | null {
    return this.#nextAt === null ? null : Math.max(0, this.#nextAt - this.#options.clock.now());
  }

  connect(): void {
    if (this.state === "disconnected") this.#open();
  }

  /** Stop for good; `connect` begins anew. */
  close(): void {
    this.#letGo();
    this.#become("disconnected");
  }

  /** Do not wait any longer, neither for the next attempt nor for the answer to the present one. */
  retryNow(): void {
    if (this.state === "connecting") this.#open();
  }

  /** Give up a socket that seems dead; a snapshot follows on the next one. */
  drop(): void {
    if (this.state === "connected") this.#lose(LOST, "given up");
  }

  /** Returns false, sending nothing, unless connected. */
  send(text: string): boolean {
    if (this.state !== "connected" || !this.#socket) return false;
    this.#socket.send(text);
    return true;
  }

  #become(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.#events.onState(state);
  }

  #letGo(): void {
    this.#generation += 1;
    this.#cancelReconnect();
    this.#nextAt = null;
    this.#abandon();
  }

  // A dead link would keep a closing socket alive for minutes: it is no longer listened to.
  #abandon(): void {
    this.#cancelWatchdog();
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #open(): void {
    this.#letGo();
    const generation = this.#generation;
    const { clock, tokens } = this.#options;
    this.#become("connecting");
    if (generation !== this.#generation) return; // whoever was told has closed it
    this.#cancelWatchdog = clock.after(WELCOME_WITHIN_MS, () => this.#lose(LOST, "no welcome"));
    if (tokens.current !== null) return this.#dial(tokens.current);
    tokens.get().then(
      (token) => {
        if (generation !== this.#generation) return;
        if (token === null) this.#end(new ConnectionEnded(TOKEN_REFUSED, this.#refusal || "there is no valid token"));
        else this.#dial(token);
      },
      () => {
        if (generation !== this.#generation) return;
        this.#reconnect();
        this.#tellRetry(this.#attempts);
      },
    );
  }

  #dial(token: string): void {
    const socket = this.#options.openSocket(this.#options.url);
    this.#socket = socket;
    this.#token = token;
    this.#refusal = "";
    this.#isAnswered = false;
    socket.onopen = () => {
      this.#isAnswered = true;
      socket.send(JSON.stringify({ type: "hello", token, protocol: PROTOCOL }));
    };
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
  }

  #hear(data: unknown): void {
    let frame: Welcome | Reply | Draining | Event;
    try {
      frame = JSON.parse(data as string);
    } catch {
      return this.#end(new ConnectionEnded(PROTOCOL_ERROR, "a frame that is not JSON"));
    }
    this.heardAt = this.#options.clock.now();
    this.#receive(frame);
  }

  #receive(frame: Welcome | Reply | Draining | Event): void {
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame);
      case "reply":
        if (frame.id === null && "error" in frame && this.state !== "connected") this.#refusal = frame.error.detail;
        return this.#events.onReply(frame);
      case "draining":
        this.#openIn(frame.reconnect_after_ms);
        return this.#events.onDraining(frame);
      default:
        if (frame.seq !== this.#seq + 1) return this.#lose(POSITION_LOST, `event ${frame.seq} came after ${this.#seq}`);
        this.#seq = frame.seq;
        // A position begins with the engine's milliseconds: what the node itself makes has no other instant.
        this.#options.time.hear(frame.at_ms ?? Number.parseInt(frame.position, 10));
        return this.#events.onEvent(frame);
    }
  }

  #welcome(welcome: Welcome): void {
    const { clock, time } = this.#options;
    const refusal = welcome.protocol === PROTOCOL
      ? this.#events.refuses(welcome)
      : new ConnectionEnded(WRONG_PROTOCOL, `the server speaks protocol ${welcome.protocol}`);
    if (refusal) return this.#end(refusal);
    this.#cancelWatchdog();
    this.#cancelWatchdog = clock.after(STABLE_AFTER_MS, () => (this.#attempts = 0));
    this.#tokenRefused = false;
    this.#seq = 0;
    time.set(welcome.server_time_ms);
    this.state = "connected"; // so that commands may be sent; it is told when everybody has seen the snapshot
    this.#events.onWelcome(welcome);
    if (this.state === "connected") this.#events.onState("connected");
  }

  #closed(closeCode: number, reason: string): void {
    this.#socket = null;
    if (closeCode === TOKEN_REFUSED) {
      this.#options.tokens.refuse(this.#token);
      if (this.#tokenRefused) return this.#end(new ConnectionEnded(closeCode, this.#refusal || reason));
      this.#tokenRefused = true;
      return this.#open();
    }
    if (isFinal(closeCode)) return this.#end(new ConnectionEnded(closeCode, this.#refusal || reason));
    this.#lose(closeCode, this.#refusal || reason);
  }

  #lose(closeCode: number, reason: string): void {
    const isAwaited = this.#nextAt !== null; // the draining node said when to come back
    if (isAwaited) {
      this.#abandon();
      this.#become("connecting");
    } else {
      this.#reconnect();
    }
    this.#events.onLost({ closeCode, reason, retryInMs: this.retryInMs ?? 0 });
    this.#tellRetry(isAwaited ? 1 : this.#attempts);
  }

  #reconnect(): void {
    this.#letGo();
    this.#attempts += 1;
    this.#openIn(backOff(this.#attempts - 1, this.#isAnswered, this.#options.random));
    this.#become("connecting");
  }

  #tellRetry(attempt: number): void {
    if (this.retryInMs !== null) this.#events.onRetry({ attempt, inMs: this.retryInMs });
  }

  #openIn(ms: number): void {
    this.#cancelReconnect();
    this.#nextAt = this.#options.clock.now() + ms;
    this.#cancelReconnect = this.#options.clock.after(ms, () => this.#open());
  }

  #end(error: Ended): void {
    this.#letGo();
    this.#tokenRefused = false;
    this.#attempts = 0;
    this.#become("disconnected");
    this.#events.onEnded(error);
  }
}
