import type { Client, Tell } from "./client.ts";
import { Emitter } from "./emitter.ts";
import { CasebatonError, NotSent, WrongRole } from "./errors.ts";
import { caseAfter, isCaseEvent, isQueueEvent } from "./events.ts";
import type { CaseEvent } from "./events.ts";
import { withState } from "./fold.ts";
import { wholePage } from "./http.ts";
import type { OwnedCase } from "./owned.ts";
import { isAfter } from "./positions.ts";
import { Ranked, isBefore } from "./ranked.ts";
import type { Rank } from "./ranked.ts";
import type { Case, Command, Event, Mode, QueuePage, QueueSummary } from "./types.ts";
import { Watch } from "./watch.ts";

export interface LineEvents {
  change: Line;
  over: CasebatonError | null;
}

const FIRST_PAGE = 100;
const PAGE = 200;
const THIN = FIRST_PAGE / 2;
const MOST_EARLY = 4096; // cases that move while one page is on its way

type Take = (one: Case) => Promise<OwnedCase>;

const lines = new WeakMap<Client, Map<string, Line>>();

/** The line of a queue, the same one while it is watched. */
export function lineOf(client: Client, queue: string, take?: Take): Line {
  const known = lines.get(client) ?? new Map<string, Line>();
  lines.set(client, known);
  let line = known.get(queue);
  if (!line) {
    known.set(queue, (line = new Line(client, queue, take)));
    line.on("over", () => known.delete(queue));
  }
  return line;
}

/**
 * A queue's waiting cases, best first: the whole line, or its first part. An event says by itself whether a case entered or
 * left. Pages that are read beside the events may be ahead of them or behind: of each case the later revision counts.
 */
export class Line extends Watch {
  readonly queue: string;
  /** Counts the changes of `cases`. */
  version = 0;
  readonly #take: Take | undefined;
  readonly #events = new Emitter<LineEvents>();
  readonly #ranked = new Ranked();
  #summary: QueueSummary;
  #position = "0-0"; // events up to here are in the first page
  // Behind the last case of the last page others stand that were never shown.
  #last: Rank | null = null;
  #cursor: string | undefined;
  #loading: Promise<boolean> | null = null;
  // What moved while a page is on its way; null while none is.
  #early: Map<string, CaseEvent> | null = null;
  #beginnings = 0;
  #wanted = 0; // so many were known before the connection was lost
  #mayFill = true;

  constructor(client: Client, queue: string, take?: Take) {
    super(client);
    this.queue = queue;
    this.#take = take;
    this.#summary = { queue, mode: "push", waiting: 0, paused: false, draining: false, open: true };
    this.begin();
  }

  on<Name extends keyof LineEvents>(name: Name, listener: (payload: LineEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** The known first part; changed in place. */
  get cases(): readonly Case[] {
    return this.#ranked.cases;
  }

  /** How many cases wait in the whole line. */
  get waiting(): number {
    return this.#summary.waiting;
  }

  /** Whether the queue offers (`push`), is taken from (`pull`), or `both`. */
  get mode(): Mode {
    return this.#summary.mode;
  }

  get isPaused(): boolean {
    return this.#summary.paused;
  }

  get isDraining(): boolean {
    return this.#summary.draining;
  }

  /** Is it within the queue's opening hours? */
  get isOpen(): boolean {
    return this.#summary.open;
  }

  get nextChangeAtMs(): number | undefined {
    return this.#summary.next_change_at_ms;
  }

  /** Are all waiting cases known? */
  get isComplete(): boolean {
    return this.isLive && this.#cursor === undefined;
  }

  find(id: string): Case | undefined {
    return this.#ranked.get(id);
  }

  /** A case's place in `cases`; -1: it is not there. */
  indexOf(id: string): number {
    return this.#ranked.indexOf(id);
  }

  /** Load the next page; false when there is none. */
  more(): Promise<boolean> {
    if (!this.isLive || this.#cursor === undefined) return Promise.resolve(false);
    this.#loading ??= this.#load(this.#cursor).finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Claim one of the cases for the client's agent. */
  take(one: Case): Promise<OwnedCase> {
    return this.#take ? this.#take(one) : Promise.reject(new WrongRole(["agent"], this.client.role));
  }

  protected override get farewell(): Command {
    return { type: "unwatch", queue: this.queue };
  }

  protected override async ask(): Promise<void> {
    const beginning = ++this.#beginnings;
    const { ok, position } = await this.client.send({ type: "watch_queue", queue: this.queue, limit: FIRST_PAGE }, { lasting: false });
    if (beginning !== this.#beginnings || this.isOver) return;
    this.#wanted = this.cases.length;
    this.#mayFill = true;
    this.#ranked.clear();
    this.#early = null;
    this.#position = position;
    this.#open(wholePage(ok as object));
  }

  #open(page: QueuePage): void {
    const { cases, next_cursor, ...summary } = page;
    this.#summary = summary;
    for (const one of cases) this.#ranked.put(one);
    this.#stand(page);
    this.cameToLife();
    this.#fill();
    this.#changed()();
  }

  protected override received(event: Event): Tell | void {
    if (!this.isLive || !isAfter(event.position, this.#position)) return; // what is not in the page follows it
    if (isCaseEvent(event)) return this.#moved(event);
    if (!isQueueEvent(event) || event.queue !== this.queue) return;
    this.#summary = withState(this.#summary, event);
    return this.#changed();
  }

  protected override told(failure: CasebatonError | null): void {
    this.#events.emit("over", failure);
  }

  #moved(event: CaseEvent): Tell | void {
    const left = event.state_before === "waiting" && (event.queue_before ?? event.queue) === this.queue;
    const entered = this.#isHere(event);
    if (!left && !entered) return;
    if (this.#early && this.#early.size <= MOST_EARLY) this.#early.set(event.case, event);
    this.#summary = { ...this.#summary, waiting: Math.max(0, this.waiting - Number(left) + Number(entered)) };
    const known = this.#ranked.get(event.case);
    if (!known || known.revision <= event.revision) this.#place(event, known);
    this.#fill();
    return this.#changed();
  }

  #isHere(event: CaseEvent): boolean {
    return event.state === "waiting" && event.queue === this.queue;
  }

  #place(event: CaseEvent, known: Case | undefined): void {
    const isShown = this.#isHere(event) && (!this.#last || !isBefore(this.#last, event));
    if (isShown) this.#ranked.put(caseAfter(event, known));
    else if (known) this.#ranked.drop(event.case);
  }

  async #load(cursor: string): Promise<boolean> {
    const beginning = this.#beginnings;
    const early = (this.#early = new Map<string, CaseEvent>());
    const page = await this.client.http.line(this.queue, { limit: PAGE, cursor }).finally(() => {
      if (this.#early === early) this.#early = null;
    });
    if (beginning !== this.#beginnings || this.isOver) return false; // a new beginning has come meanwhile
    if (early.size > MOST_EARLY) throw new NotSent("the line moves too fast for a page of it");
    for (const one of page.cases) {
      const revision = Math.max(early.get(one.case)?.revision ?? 0, this.#ranked.get(one.case)?.revision ?? 0);
      if (one.revision > revision) this.#ranked.put(one);
    }
    this.#stand(page);
    for (const event of early.values()) {
      const known = this.#ranked.get(event.case);
      if (!known || known.revision <= event.revision) this.#place(event, known);
    }
    this.#changed()();
    return this.#cursor !== undefined;
  }

  #stand({ cases, next_cursor }: QueuePage): void {
    this.#cursor = next_cursor;
    this.#last = next_cursor === undefined ? null : (cases.at(-1) ?? this.#last);
  }

  // What the known part has lost is made up for, and after a loss what had been loaded before. Where that fails, whoever
  // shows the line asks for more.
  #fill(): void {
    const enough = Math.max(THIN, this.#wanted);
    if (this.#cursor === undefined || this.cases.length >= enough || this.#loading || !this.#mayFill) return;
    this.more().then(
      () => this.#fill(),
      (error: unknown) => {
        this.#mayFill = false;
        if (!(error instanceof CasebatonError)) throw error;
      },
    );
  }

  #changed(): Tell {
    this.version += 1;
    return () => this.#events.emit("change", this);
  }
}
