import { Offer, OwnedCase, WaitingCase } from "./cases";
import type { Clock } from "./clock";
import { ServerTime, systemClock } from "./clock";
import type { ConnectionState, Ended, Socket } from "./connection";
import { Connection } from "./connection";
import type { View } from "./desk";
import { EMPTY_VIEW, apply, closeLine, fromSnapshot, isThin, openLine } from "./desk";
import { Emitter } from "./emitter";
import { NotSent } from "./errors";
import type { CaseEvent, Event, QueuePage, Welcome } from "./messages";
import { isCaseEvent } from "./messages";
import type { Accepted } from "./requests";
import { Requests } from "./requests";

export interface AgentOptions {
  /** The socket's address: `wss://host/v1/{workspace}/ws`. */
  url: string;
  getToken: () => Promise<string | null>;
  openSocket?: (url: string) => Socket;
  clock?: Clock;
  random?: () => number;
}

export interface AgentEvents {
  state: ConnectionState;
  view: View;
  /** An event was applied; `before` is the view it met. */
  event: { event: Event; before: View };
  /** A (re)connection brought a snapshot; `before` is null on the first. */
  snapshot: { before: View | null; after: View };
  ended: Ended;
  /** The socket's close code; the connection comes back by itself. */
  lost: number;
}

const PAGE = 50;

declare const WebSocket: new (url: string) => Socket;

/** One agent's connection: what it sees (`view`), what happens (`on`), what it may do. */
export class Agent {
  readonly serverTime: ServerTime;
  readonly #events = new Emitter<AgentEvents>();
  readonly #connection: Connection;
  readonly #requests: Requests;
  readonly #watching = new Set<string>();
  // Queues whose pages are on their way, and the case events that came meanwhile.
  readonly #pages = new Set<string>();
  #sincePages: CaseEvent[] = [];
  #view: View = EMPTY_VIEW;
  #welcomed = false;

  constructor(options: AgentOptions) {
    const { url, getToken, clock = systemClock, random = Math.random } = options;
    const openSocket = options.openSocket ?? ((address: string) => new WebSocket(address));
    const serverTime = new ServerTime(clock);
    this.serverTime = serverTime;
    this.#connection = new Connection({ url, getToken, openSocket, clock, serverTime, random }, {
      onState: (state) => {
        if (state !== "connected") this.#requests.lose();
        this.#events.emit("state", state);
      },
      onWelcome: (welcome) => this.#welcome(welcome),
      onEvent: (event) => this.#apply(event),
      onReply: (reply) => this.#requests.answer(reply),
      onLost: (code) => this.#events.emit("lost", code),
      onEnded: (ended) => {
        this.#requests.giveUp();
        this.#events.emit("ended", ended);
      },
    });
    this.#requests = new Requests((frame) => this.#connection.send(frame), clock, () => this.#connection.drop());
  }

  on<Name extends keyof AgentEvents>(name: Name, listener: (payload: AgentEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  get view(): View {
    return this.#view;
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get offers(): Offer[] {
    return this.#view.offers.map((one) => new Offer(one, this.#issue));
  }

  get cases(): OwnedCase[] {
    return this.#view.desk.map((one) => new OwnedCase(one, this.#issue));
  }

  /** The known part of a watched queue's line, best first. */
  line(queue: string): WaitingCase[] {
    return (this.#view.lines[queue]?.cases ?? []).map((one) => new WaitingCase(one, this.#issue));
  }

  connect(): void {
    this.#connection.connect();
  }

  close(): void {
    this.#connection.close();
    this.#requests.giveUp();
  }

  retryNow(): void {
    this.#connection.retryNow();
  }

  /** The network is said to be gone: do not wait for the socket to notice. */
  drop(): void {
    this.#connection.drop();
  }

  /** A built-in status or one of `view.statuses`. */
  setStatus(status: string, channels: string[] = ["*"]): Promise<unknown> {
    return this.#issue({ type: "set_status", status, ...(channels[0] !== "*" && { channels }) });
  }

  /** Bring back the status before the last change, with its channels. */
  async undoStatus(): Promise<void> {
    const { agent } = this.#view;
    if (agent) await this.setStatus(agent.label_before, agent.channels_before);
  }

  /** Offers stop now; the status comes when the primary work is done. Choosing any status takes it back. */
  setNextStatus(status: string): Promise<unknown> {
    return this.#issue({ type: "set_status", status, next: true });
  }

  /** Take the first case that the agent may, of one queue or of all its queues. */
  takeNext(queue?: string): Promise<unknown> {
    return this.#issue({ type: "take_next", ...(queue && { queue }) });
  }

  /** Keep the queue's line in `view.lines`, over reconnections too. Rejects when the server refuses. */
  async watch(queue: string): Promise<void> {
    this.#watching.add(queue);
    try {
      await this.#askForPage(queue);
    } catch (error) {
      if (error instanceof NotSent) return; // the next welcome asks for it
      this.#watching.delete(queue);
      throw error;
    }
  }

  async unwatch(queue: string): Promise<void> {
    this.#watching.delete(queue);
    this.#show(closeLine(this.#view, queue));
    try {
      await this.#requests.issue({ type: "unwatch", queue }, { lasting: false });
    } catch (error) {
      if (!(error instanceof NotSent)) throw error; // a lost connection watches nothing
    }
  }

  readonly #issue = (command: Parameters<Requests["issue"]>[0]): Promise<Accepted> => this.#requests.issue(command);

  #show(view: View): void {
    this.#view = view;
    this.#events.emit("view", view);
  }

  #welcome({ snapshot }: Welcome): void {
    const before = this.#welcomed ? this.#view : null;
    this.#welcomed = true;
    this.#show(fromSnapshot(snapshot, this.#view.lines));
    this.#requests.sendAgain();
    for (const queue of this.#watching) this.#renewPage(queue);
    this.#events.emit("snapshot", { before, after: this.#view });
  }

  #apply(event: Event): void {
    const before = this.#view;
    if (this.#pages.size > 0 && isCaseEvent(event)) this.#sincePages.push(event);
    this.#show(apply(before, event));
    this.#events.emit("event", { event, before });
    for (const line of Object.values(this.#view.lines)) {
      if (isThin(line, PAGE) && !this.#pages.has(line.queue)) this.#renewPage(line.queue);
    }
  }

  async #askForPage(queue: string): Promise<void> {
    this.#pages.add(queue);
    try {
      const command = { type: "watch_queue", queue, limit: PAGE } as const;
      const { ok, position } = await this.#requests.issue(command, { lasting: false });
      if (this.#watching.has(queue)) this.#show(openLine(this.#view, ok as QueuePage, position, this.#sincePages));
    } finally {
      this.#pages.delete(queue);
      if (this.#pages.size === 0) this.#sincePages = [];
    }
  }

  // A page asked for unbidden. When it does not come, the connection is lost (the next welcome asks again) or the
  // agent is no member any more (the line closes).
  #renewPage(queue: string): void {
    this.#askForPage(queue).catch(() => {
      if (this.state !== "connected" || !this.#watching.has(queue)) return;
      this.#watching.delete(queue);
      this.#show(closeLine(this.#view, queue));
    });
  }
}
