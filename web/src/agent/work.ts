import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Link, timers } from "../door/link";
import { sentence } from "../door/sentence";
import { Agent } from "../sdk/index";
import type { AgentState, Case, Client, Notice, Offer, OwnedCase, QueueSummary, Snapshot } from "../sdk/index";
import type { Alerts } from "../ui/alerts/index";
import { Frames } from "../ui/frames";
import { Notices } from "../ui/notices";
import { followClock } from "../ui/ticker";
import { bySoonest } from "./answers";
import { Choice } from "./choice";
import { Names } from "./names";
import { parts } from "./late-parts";
import type { Known } from "./truth";
import { type Reader, quoted } from "./words";

type Held = Offer | OwnedCase;

/** A signed-in agent's work: the SDK's objects, a signal for each part that is drawn, and what is said of them. */
export class Work implements Known {
  readonly link: Link;
  readonly client: Client;
  readonly agent: Agent;
  readonly names: Names;
  readonly notices = new Notices();
  readonly choice = new Choice();
  readonly frames = new Frames((ms, action) => timers.after(ms, action));
  readonly status = signal<AgentState | null>(null);
  readonly snapshot = signal<Snapshot | null>(null);
  /** The one that ends soonest first: it is in front wherever they are shown, and what the keys answer. */
  readonly offers = signal<readonly Offer[]>([]);
  /** Newest first, as the SDK has them. */
  readonly desk = signal<readonly OwnedCase[]>([]);
  readonly queues = signal<readonly QueueSummary[]>([]);
  /** What changed while there was no connection. */
  readonly away = signal<readonly string[]>([]);
  /** Sound, notifications, title and tabs; from the first welcome on, which says whose they are. */
  readonly alerts = signal<Alerts | null>(null);
  /** What is open over the page. */
  readonly sheet = signal<"flag" | "preferences" | "keys" | "leaving" | null>(null);
  /** Where there is little room: does this offer (by `tagOf`) stand in one line? Of the others the one in front stands in full. */
  readonly folded = signal<ReadonlyMap<string, boolean>>(new Map());
  readonly #cases = new WeakMap<Held, Signal<Case>>();

  constructor(link: Link) {
    this.link = link;
    this.client = link.client;
    this.agent = new Agent(link.client);
    this.names = new Names(this.agent);
    followClock(() => this.client.time.now());
    this.#follow();
  }

  close(): void {
    this.frames.close();
    this.alerts.value?.close();
  }

  /** An offer's or owned case's present state, drawn with the next frame. */
  caseOf(held: Held): ReadonlySignal<Case> {
    const known = this.#cases.get(held);
    if (known) return known;
    const one = signal(held.case);
    const take = (): void => void (one.value = held.case);
    (held as OwnedCase).on("change", () => this.frames.mark(take));
    this.#cases.set(held, one);
    return one;
  }

  /** Let this offer stand in one line, or in full; the others stay as they are. */
  fold(tag: string, isFolded: boolean): void {
    this.folded.value = new Map(this.folded.peek()).set(tag, isFolded);
  }

  /** Wait for a command; answers whether it was accepted, and says why not. `one` is the case it was about. */
  async attempt(command: Promise<unknown>, one?: Case): Promise<boolean> {
    try {
      await command;
      return true;
    } catch (error) {
      await this.complain(error, one);
      return false;
    }
  }

  /** Say why a command failed, for as long as that is so. */
  async complain(error: unknown, one?: Case): Promise<void> {
    const { holderIn, refusal, truthOf } = await parts();
    const truth = truthOf(error, one, this); // what is known now, not when the name has come
    const holder = holderIn(error);
    if (holder) await this.names.learn([holder]);
    const why = refusal(error, this.reader);
    this.notices.add(one ? `${quoted(one)}: ${why}` : sentence(why), truth);
  }

  get reader(): Reader {
    return { me: this.agent.me?.agent ?? "", name: (id) => this.names.peek(id), isRinging: this.agent.offers.length > 0 };
  }

  get state() {
    return this.client.state;
  }

  get me(): AgentState | null {
    return this.agent.me;
  }

  find(id: string): Case | undefined {
    const held: readonly Held[] = [...this.agent.offers, ...this.agent.desk];
    return held.find((each) => each.case.case === id)?.case ?? this.agent.watching.map((line) => line.find(id)).find((one) => one !== undefined);
  }

  #follow(): void {
    const { agent, frames } = this;
    const takeMe = (): void => void (this.status.value = agent.me);
    const takeOffers = (): void => void (this.offers.value = bySoonest(agent.offers));
    const takeDesk = (): void => {
      this.desk.value = agent.desk;
      this.choice.follow(agent.desk);
    };
    const takeQueues = (): void => void (this.queues.value = agent.queues);
    agent.on("me", () => frames.mark(takeMe));
    agent.on("offers", () => frames.mark(takeOffers));
    agent.on("desk", () => frames.mark(takeDesk));
    agent.on("queues", () => frames.mark(takeQueues));
    agent.on("snapshot", (snapshot) => {
      if (agent.me) this.names.set(agent.me.agent, agent.me.name);
      this.snapshot.value = snapshot;
      frames.flush();
    });
    agent.on("notice", (notice) => void this.#tell(notice));
  }

  async #tell(notice: Notice): Promise<void> {
    if (!notice.event) return this.#tellAbsence(notice);
    const { agentsIn, told } = await parts();
    if (told(notice, this.reader) === null) return;
    await this.names.learn(agentsIn(notice.event));
    this.notices.add(told(notice, this.reader)!);
  }

  // Where it went is not in the snapshot. What cannot be read is not guessed.
  async #tellAbsence({ kind, case: one }: Notice): Promise<void> {
    if (kind !== "offer_closed" && kind !== "case_left") return;
    const now = await this.client.http.case(one.case).catch(() => null);
    const { absence, agentsIn } = await parts();
    if (now) await this.names.learn(agentsIn(now));
    this.away.value = [...this.away.value, absence(one, kind === "offer_closed", now, this.reader)];
  }
}
