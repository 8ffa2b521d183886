import { each } from "./bulk.ts";
import type { Results } from "./bulk.ts";
import type { Client, Tell } from "./client.ts";
import { QueueCounts } from "./counts.ts";
import type { Waiting } from "./counts.ts";
import { Desk } from "./desk.ts";
import type { DeskEvents } from "./desk.ts";
import { Emitter } from "./emitter.ts";
import { CasebatonError } from "./errors.ts";
import { filled } from "./filled.ts";
import { fold, viewOf, wholeSnapshot } from "./fold.ts";
import type { View } from "./fold.ts";
import { Line, lineOf } from "./line.ts";
import type { Offer } from "./offer.ts";
import type { OwnedCase } from "./owned.ts";
import { findColleagues, readNames, searchCases } from "./people.ts";
import type { SearchQuery, ColleagueQuery } from "./people.ts";
import { readDay } from "./reads.ts";
import { CASE } from "./types.ts";
import type { AgentState, Case, CaseBrief, ChannelSummary, Colleagues, Day, Event, FoundCases, Named, Place, QueueSummary, Snapshot, StatusChoice, Welcome } from "./types.ts";

export interface AgentEvents extends DeskEvents {
  me: AgentState;
  queues: readonly QueueSummary[];
  /** A connection began, or `renew` was answered. */
  snapshot: Snapshot;
}

export interface StatusOptions {
  /** What an online agent accepts; left out: all that the status does. */
  channels?: readonly string[];
  /** Offers stop now, and the status comes when the primary work is done. */
  next?: boolean;
}

const SPREAD_MS = 5_000;

/** The agent whom the client's token names: what it sees, what happens, what it may do. Made before `client.open()`. */
export class Agent {
  readonly client: Client;
  /** As it came last, with whatever else it says. */
  snapshot: Snapshot | null = null;
  readonly #events = new Emitter<AgentEvents>();
  readonly #desk: Desk;
  readonly #lines = new Map<string, Line>();
  #view: View | null = null;
  #counts: QueueCounts | null = null;
  #cancelRenewal: (() => void) | null = null;

  constructor(client: Client) {
    if (client.state !== "disconnected") throw new Error("an Agent is made before client.open(): it follows from the first snapshot");
    client.needRole(["agent"]);
    this.client = client;
    this.#desk = new Desk(client, this.#events);
    client.attach({
      welcomed: (welcome) => this.#welcomed(welcome),
      received: (event) => this.#received(event),
      over: () => this.#cancelRenewal?.(),
    });
  }

  on<Name extends keyof AgentEvents>(name: Name, listener: (payload: AgentEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Status, presence, capacity and load, as the last event left them; null before the first snapshot. */
  get me(): AgentState | null {
    return this.#view?.me ?? null;
  }

  /** Open ones, newest first; the same array until one comes or goes. */
  get offers(): readonly Offer[] {
    return this.#desk.offers;
  }

  /** What is owned, newest first; the same array until one comes or goes. */
  get desk(): readonly OwnedCase[] {
    return this.#desk.cases;
  }

  /** How many wait in each is as of the last snapshot, unless counts are watched. */
  get queues(): readonly QueueSummary[] {
    return this.#view?.queues ?? [];
  }

  /** What may be chosen beside `online`, `busy` and `offline`. */
  get statuses(): readonly StatusChoice[] {
    return this.snapshot?.statuses ?? [];
  }

  /** What is worth knowing of each channel before one acts, with the codes to choose from; by id. */
  get channels(): Readonly<Record<string, ChannelSummary>> {
    return this.snapshot?.channels ?? {};
  }

  /** What was done since an instant, to the quarter hour; left out: for 24 hours. */
  day(since_ms?: number): Promise<Day> {
    return readDay(this.client, since_ms);
  }

  /** A built-in status or one of `statuses`. Any choice takes a next status back. */
  async setStatus(status: string, { channels, next = false }: StatusOptions = {}): Promise<void> {
    await this.client.send({ type: "set_status", status, ...(channels && { channels: [...channels] }), ...(next && { next }) });
  }

  /** Bring back the status before the last change, with its channels: for one that the server made. */
  async undoStatus(): Promise<void> {
    if (!this.me) return;
    const { label_before, channels_before } = this.me;
    await this.setStatus(label_before, channels_before[0] === "*" ? {} : { channels: channels_before });
  }

  /** Raise the hand to the supervisors, about an owned case or in general; one flag at a time. */
  async raiseFlag({ text, case: about }: { text?: string; case?: string } = {}): Promise<void> {
    await this.client.send({ type: "raise_flag", ...(about && { case: about }), ...(text && { text }) });
  }

  async lowerFlag(): Promise<void> {
    await this.client.send({ type: "lower_flag" });
  }

  /** Claim a waiting case, as a line shows it. One wins; every loser is told the owner. */
  take = async (one: Case): Promise<OwnedCase> =>
    this.#desk.own(one, await this.client.send({ type: "take_case", case: one.case, baton: one.baton }));

  /** Claim the first case that the agent may take, of one queue or of all its queues. */
  async takeNext(queue?: string): Promise<OwnedCase> {
    const reply = await this.client.send({ type: "take_next", ...(queue && { queue }) });
    return this.#desk.own(filled<Case>(CASE, reply.ok as object), reply);
  }

  takeAll(cases: readonly Case[]): Promise<Results<OwnedCase>> {
    return each(cases, this.take);
  }

  completeAll(owned: readonly OwnedCase[], disposition?: string): Promise<Results<CaseBrief>> {
    return each(owned, (one) => one.complete(disposition));
  }

  returnAll(owned: readonly OwnedCase[], reason: string, place?: Place): Promise<Results<CaseBrief>> {
    return each(owned, (one) => one.return(reason, place));
  }

  /** Live cases by words of what stands on them, the best matches first; ids of ended ones too, while they are remembered. */
  searchCases(text: string, query?: SearchQuery): Promise<FoundCases> {
    return searchCases(this.client, text, query);
  }

  /** To whom an owned case could be handed now, best first. */
  findColleagues(one: string, query?: ColleagueQuery): Promise<Colleagues> {
    return findColleagues(this.client, one, query);
  }

  /** What agents are called; who is not there is left out. */
  names(agents: readonly string[]): Promise<Map<string, Named>> {
    return readNames(this.client, agents);
  }

  /** The watched lines. */
  get watching(): readonly Line[] {
    return [...this.#lines.values()];
  }

  /** Watch a queue's line, through losses too; the same line again while it is watched. */
  watchQueue(queue: string): Line {
    const known = this.#lines.get(queue);
    if (known) return known;
    const line = lineOf(this.client, queue, this.take);
    this.#lines.set(queue, line);
    line.on("change", () => this.#count(line));
    line.on("over", () => {
      this.#lines.delete(queue);
      this.#counts?.again(); // what was told while the line knew better may not come again
    });
    return line;
  }

  /** Keep how many wait in `queues` up to date, through losses too; the same again while they are watched. */
  watchCounts(): QueueCounts {
    if (!this.#counts || this.#counts.isOver) this.#counts = new QueueCounts(this.client, (waiting) => this.#recount(waiting));
    return this.#counts;
  }

  /** Read anew what no event tells: `statuses`, `queues`, and what else the snapshot says. */
  async renew(): Promise<void> {
    this.#cancelRenewal?.();
    this.#cancelRenewal = null;
    const fresh = await this.client.http.agent(this.client.subject);
    if (!this.#view || !this.snapshot) return;
    this.snapshot = { ...fresh, at_ms: this.snapshot.at_ms, offers: this.snapshot.offers, desk: this.snapshot.desk };
    this.#view = { ...this.#view, queues: fresh.queues };
    for (const line of this.#lines.values()) this.#count(line);
    this.#counts?.again();
    this.#events.emit("queues", this.queues);
    this.#events.emit("snapshot", this.snapshot);
  }

  #welcomed(welcome: Welcome): Tell {
    const snapshot = (this.snapshot = wholeSnapshot(welcome.snapshot as object));
    const isFirst = this.#view === null;
    const view = (this.#view = viewOf(snapshot));
    const tell = this.#desk.begin(view, welcome.position, isFirst);
    return () => {
      this.#events.emit("me", view.me);
      this.#events.emit("queues", view.queues);
      tell();
      this.#events.emit("snapshot", snapshot);
    };
  }

  #received(event: Event): Tell | void {
    const before = this.#view;
    if (!before || event.changes || event.waiting) return;
    const after = (this.#view = fold(before, event));
    const tell = this.#desk.follow(after, event);
    if (event.type === "config_applied") this.#renewIn(this.client.random() * SPREAD_MS); // everybody hears it at once
    else if (event.type === "agent_updated" && event.agent === after.me.agent) this.#renewIn(0);
    return () => {
      if (after.me !== before.me) this.#events.emit("me", after.me);
      if (after.queues !== before.queues) this.#events.emit("queues", after.queues);
      tell();
    };
  }

  // Nothing but a picture would be missing: a reading that fails is made up for by the next one, or the next snapshot.
  #renewIn(ms: number): void {
    this.#cancelRenewal?.();
    this.#cancelRenewal = this.client.clock.after(ms, () => {
      this.renew().catch((error: unknown) => {
        if (!(error instanceof CasebatonError)) throw error;
      });
    });
  }

  // The summary of a watched queue follows its line.
  #count({ queue, waiting, isLive }: Line): void {
    if (isLive) this.#put({ [queue]: waiting })();
  }

  #recount(waiting: Waiting): Tell {
    const live = [...this.#lines.values()].filter(({ isLive }) => isLive).map((line) => [line.queue, line.waiting] as const);
    return this.#put({ ...waiting, ...Object.fromEntries(live) });
  }

  #put(waiting: Waiting): Tell {
    const before = this.queues;
    const queues = before.map((each) => ((waiting[each.queue] ?? each.waiting) === each.waiting ? each : { ...each, waiting: waiting[each.queue]! }));
    if (!this.#view || queues.every((each, place) => each === before[place])) return () => {};
    this.#view = { ...this.#view, queues };
    return () => this.#events.emit("queues", queues);
  }
}
