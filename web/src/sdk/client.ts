import type { Clock } from "./clock.ts";
import { ServerTime, systemClock } from "./clock.ts";
import { Connection } from "./connection.ts";
import type { ConnectionState, Ended, Lost, Retry, Socket } from "./connection.ts";
import { Emitter } from "./emitter.ts";
import { NotSent, WrongRole } from "./errors.ts";
import { Http } from "./http.ts";
import type { Fetch } from "./http.ts";
import { Probe } from "./probe.ts";
import { Requests } from "./requests.ts";
import type { Accepted, IssueOptions } from "./requests.ts";
import { Tokens } from "./tokens.ts";
import type { GetToken } from "./tokens.ts";
import type { Command, Draining, Event, Welcome } from "./types.ts";

export interface ClientOptions {
  /** The server's address: `http://` or `https://`, with or without a path. */
  url: string;
  workspace: string;
  token?: string;
  /** Asked when there is no token or the last was refused; null: there is none to be had. */
  getToken?: GetToken;
  /** How long a command waits for its answer. */
  deadlineMs?: number;
  openSocket?: (url: string) => Socket;
  fetch?: Fetch;
  clock?: Clock;
  /** In [0, 1). */
  random?: () => number;
}

/** Which part of the workspace a supervisor's token covers. */
export interface Scope {
  queues: string[];
  teams: string[];
}

export interface ClientEvents {
  state: ConnectionState;
  /** A (re)connection began; every object shows the new state. */
  snapshot: Welcome;
  event: Event;
  lost: Lost;
  retry: Retry;
  draining: Draining;
  ended: Ended;
}

/** Tells listeners what has been taken in. */
export type Tell = () => void;

/** A part of the SDK that follows the connection: all parts take in what came, and then each tells its listeners. */
export interface Part {
  welcomed?(welcome: Welcome): Tell | void;
  received?(event: Event): Tell | void;
  /** Nothing follows of itself: the client was closed (null), or the connection ended. */
  over?(error: Ended | null): void;
}

declare const WebSocket: (new (url: string) => Socket) | undefined;
declare const fetch: Fetch;
declare class URL {
  constructor(url: string);
  readonly protocol: string;
  readonly host: string;
  readonly pathname: string;
}

/** Raises TypeError for an address that is none. */
function addressOf({ url, workspace }: ClientOptions): string {
  const { protocol, host, pathname } = new URL(url);
  if (!/^https?:$/.test(protocol)) throw new TypeError(`${url} is not a server's address: write it as https://host`);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "")}/v1/${encodeURIComponent(workspace)}/`;
}

function socketOpener({ openSocket }: ClientOptions): (url: string) => Socket {
  if (openSocket) return openSocket;
  if (typeof WebSocket === "undefined") throw new TypeError("there is no WebSocket here: use Node >= 22, start Node 20 with --experimental-websocket, or pass openSocket");
  const Standard = WebSocket;
  return (url) => new Standard(url);
}

/** One connection to one workspace, in the role that its token names, through losses. */
export class Client {
  readonly time: ServerTime;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: () => number;
  /** The last welcome, whole. */
  welcome: Welcome | null = null;
  /** Why the connection will not come back by itself. */
  ended: Ended | null = null;
  readonly #events = new Emitter<ClientEvents>();
  readonly #parts = new Set<Part>();
  readonly #tokens: Tokens;
  readonly #connection: Connection;
  readonly #requests: Requests;
  readonly #probe: Probe;
  #opening: { resolve(): void; reject(error: Error): void }[] = [];
  #roles: readonly string[] | null = null;

  constructor(options: ClientOptions) {
    const { token, getToken, deadlineMs = 10_000, clock = systemClock, random = Math.random } = options;
    if (token === undefined && !getToken) throw new TypeError("a client needs a token or getToken");
    const base = addressOf(options);
    const tokens = (this.#tokens = new Tokens(token, getToken));
    const time = (this.time = new ServerTime(clock));
    this.clock = clock;
    this.random = random;
    this.http = new Http({ base, tokens, clock, deadlineMs, fetch: options.fetch ?? ((url, init) => fetch(url, init)) });
    const url = base.replace(/^http/, "ws") + "ws";
    const connection = (this.#connection = new Connection({ url, tokens, openSocket: socketOpener(options), clock, time, random }, {
      refuses: (welcome) => this.#misfit(welcome.role),
      onWelcome: (welcome) => this.#welcomed(welcome),
      onState: (state) => this.#stateChanged(state),
      onEvent: (event) => this.#received(event),
      onReply: (reply) => this.#requests.answer(reply),
      onDraining: (draining) => this.#events.emit("draining", draining),
      onLost: (lost) => this.#events.emit("lost", lost),
      onRetry: (retry) => this.#events.emit("retry", retry),
      onEnded: (error) => this.#finish(error),
    }));
    this.#requests = new Requests({
      send: (text) => connection.send(text),
      clock,
      deadlineMs,
      onSilence: () => connection.drop(),
    });
    const ask = (command: Command, how: IssueOptions): Promise<Accepted> => this.#requests.issue(command, how);
    this.#probe = new Probe({ clock, ask, heardAt: () => connection.heardAt });
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (payload: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** How long until the next attempt; null when none is waited for. */
  get retryInMs(): number | null {
    return this.#connection.retryInMs;
  }

  get role(): string {
    return this.welcome?.role ?? "";
  }

  get subject(): string {
    return this.welcome?.subject ?? "";
  }

  /** Null: the whole workspace, or an older server, which does not tell. */
  get scope(): Scope | null {
    return (this.welcome as { scope?: Scope } | null)?.scope ?? null;
  }

  /** Connect, for as long as it takes; rejects `ConnectionEnded` or `WrongRole` when that is refused for good. */
  open(): Promise<void> {
    if (this.state === "connected") return Promise.resolve();
    const opened = new Promise<void>((resolve, reject) => this.#opening.push({ resolve, reject }));
    this.ended = null;
    this.#connection.connect();
    return opened;
  }

  /** Leave. Unanswered commands end. */
  close(): void {
    this.#connection.close();
    this.#finish(null);
  }

  /** Do not wait for the next attempt. */
  retryNow(): void {
    this.#connection.retryNow();
  }

  /** The network is said to be gone: do not wait for the socket to notice. */
  drop(): void {
    this.#connection.drop();
  }

  /** Is the link alive? After 5 s without an answer it is dropped, and the answer is false. */
  probe(): Promise<boolean> {
    return this.#probe.ask();
  }

  /** Any command of the protocol. Rejects a `CasebatonError`. */
  send(command: Command, options?: IssueOptions): Promise<Accepted> {
    if (this.ended) return Promise.reject(this.ended);
    return this.#requests.issue(command, options);
  }

  /** Hand over a newer token of the same subject, and use it from now on. */
  async refreshToken(token: string): Promise<void> {
    await this.send({ type: "refresh_token", token });
    this.#tokens.current = token;
  }

  /** Follow the connection; the result ends it. */
  attach(part: Part): () => void {
    this.#parts.add(part);
    return () => void this.#parts.delete(part);
  }

  /** Only these roles are of use from now on. Throws `WrongRole` when the present one is another. */
  needRole(roles: readonly string[]): void {
    this.#roles = this.#roles?.filter((role) => roles.includes(role)) ?? roles;
    if (this.welcome && !roles.includes(this.welcome.role)) throw new WrongRole(roles, this.welcome.role);
  }

  #misfit(role: string): WrongRole | null {
    return this.#roles && !this.#roles.includes(role) ? new WrongRole(this.#roles, role) : null;
  }

  #welcomed(welcome: Welcome): void {
    this.welcome = welcome;
    this.#requests.open(welcome.limits);
    this.#take((part) => part.welcomed?.(welcome));
    this.#events.emit("snapshot", welcome);
    this.#probe.start();
  }

  #stateChanged(state: ConnectionState): void {
    if (state !== "connected") {
      this.#probe.stop();
      this.#requests.lose();
    }
    this.#events.emit("state", state);
    if (state === "connected") for (const { resolve } of this.#opening.splice(0)) resolve();
  }

  #received(event: Event): void {
    this.#take((part) => part.received?.(event));
    this.#events.emit("event", event);
  }

  #take(step: (part: Part) => Tell | void): void {
    for (const tell of [...this.#parts].map(step)) tell?.();
  }

  #finish(error: Ended | null): void {
    this.ended = error;
    this.#requests.giveUp();
    for (const { reject } of this.#opening.splice(0)) reject(error ?? new NotSent("the client was closed"));
    for (const part of [...this.#parts]) part.over?.(error);
    if (error) this.#events.emit("ended", error);
  }
}
