import { batch, computed, signal } from "@preact/signals";
import { Agent } from "../sdk/agent";
import { Client } from "../sdk/client";
import type { ConnectionState } from "../sdk/connection";
import { CasebatonError, ConnectionEnded } from "../sdk/errors";
import { isCaseEvent } from "../sdk/events";
import type { Case, CaseBrief } from "../sdk/types";
import { Notices } from "../ui/notices";
import type { Session } from "./session";
import { absence, arrival, departure, quoted, refusal, sentence } from "./sentences";
import { truthOf } from "./truth";
import { EMPTY_VIEW, viewOf } from "./view";
import type { View } from "./view";

/** Why the connection will not come back by itself. */
export interface Ended {
  code: number;
  reason: string;
}

const TOO_MANY_CONNECTIONS = 4003;
const NOT_ALLOWED = 4403;
const TICK_MS = 200;

/** One signed-in agent's state as signals, and what they hear of it in sentences. */
export class Workplace {
  readonly client: Client;
  readonly agent: Agent;
  readonly workspace: string;
  readonly view = signal<View>(EMPTY_VIEW);
  readonly state = signal<ConnectionState>("disconnected");
  readonly ended = signal<Ended | null>(null);
  /** The server turned this connection away because the agent has as many as it may. */
  readonly crowded = signal(false);
  readonly notices = new Notices();
  /** What changed while there was no connection. */
  readonly away = signal<readonly string[]>([]);
  /** Server time, for countdowns. */
  readonly now = signal(0);
  /** Server time in steps of five seconds, for ages: what reads it is drawn that much less often. */
  readonly slowNow = computed(() => Math.floor(this.now.value / 5_000) * 5_000);
  readonly #stop = new AbortController();

  constructor({ workspace, token }: Session) {
    this.workspace = workspace;
    this.client = new Client({ url: location.origin, workspace, token });
    this.agent = new Agent(this.client);
    this.#listen();
  }

  open(): void {
    const { signal: stopped } = this.#stop;
    const ticking = setInterval(() => this.#tick(), TICK_MS);
    stopped.addEventListener("abort", () => clearInterval(ticking));
    addEventListener("online", () => this.client.retryNow(), { signal: stopped });
    addEventListener("offline", () => this.client.drop(), { signal: stopped });
    // A hidden tab's timers may be a minute late: whoever looks again should not wait for one.
    document.addEventListener("visibilitychange", () => this.client.retryNow(), { signal: stopped });
    this.connect();
  }

  connect(): void {
    this.ended.value = null;
    this.client.open().catch(() => {}); // told by `ended`
  }

  close(): void {
    this.#stop.abort();
    this.client.close();
  }

  /** Wait for a command; returns whether it was accepted, and says why not. `one` is the case it was about. */
  async attempt(command: Promise<unknown>, one?: Case): Promise<boolean> {
    try {
      await command;
      return true;
    } catch (error) {
      const why = refusal(error, this.view.value.agent?.agent);
      const now = (): { view: View; state: ConnectionState } => ({ view: this.view.value, state: this.state.value });
      this.notices.add(one ? `${quoted(one)}: ${why}` : sentence(why), truthOf(error, one, now));
      return false;
    }
  }

  /** The names of all queues, to transfer to; null when they cannot be had. */
  async queueNames(): Promise<string[] | null> {
    const found = await orNull(this.client.http.queues());
    return found && found.map(({ queue }) => queue);
  }

  #tick(): void {
    this.now.value = this.client.time.now();
    this.notices.pass(TICK_MS);
  }

  #listen(): void {
    this.client.on("state", (state) => (this.state.value = state));
    this.client.on("ended", (error) => {
      this.ended.value = error instanceof ConnectionEnded
        ? { code: error.closeCode, reason: error.reason }
        : { code: NOT_ALLOWED, reason: `the token is for the role ${error.role}, and this needs an agent's` };
    });
    this.client.on("lost", ({ closeCode }) => (this.crowded.value = closeCode === TOO_MANY_CONNECTIONS));
    // What the last event or snapshot left: the agent's own events draw before these are told.
    let last = EMPTY_VIEW;
    this.client.on("event", (event) => {
      const before = last;
      this.draw();
      last = this.view.value;
      const text = isCaseEvent(event) ? (departure(event, before) ?? arrival(event, before)) : null;
      if (text) this.notices.add(text);
    });
    this.client.on("snapshot", () => {
      const before = last;
      this.draw();
      last = this.view.value;
      if (before.agent) void this.#compare(before, this.view.value);
    });
    this.agent.on("queues", () => this.draw());
    this.agent.on("desk", () => this.draw());
  }

  /** Show what the agent sees now. */
  draw(): void {
    batch(() => {
      this.now.value = this.client.time.now();
      this.view.value = viewOf(this.agent);
    });
  }

  async #compare(before: View, after: View): Promise<void> {
    const here = new Set([...after.offers, ...after.desk].map((one) => one.case));
    const gone = [...before.offers, ...before.desk].filter((one) => !here.has(one.case));
    this.away.value = await Promise.all(gone.map(async (one) => absence(one, await orNull<CaseBrief>(this.client.http.case(one.case)))));
  }
}

// What the socket does not tell, such as where a case went that the snapshot no longer shows. Null when it cannot be had: the
// page then says less, and nothing that is not known.
async function orNull<Found>(asked: Promise<Found>): Promise<Found | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof CasebatonError) return null;
    throw error;
  }
}
