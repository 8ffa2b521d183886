import { batch, computed, signal } from "@preact/signals";
import type { ConnectionState, Ended } from "../sdk/connection";
import { Agent } from "../sdk/agent";
import type { View } from "../sdk/desk";
import type { Case, CaseBrief } from "../sdk/messages";
import { isCaseEvent } from "../sdk/messages";
import type { Session } from "./session";
import { absence, arrival, departure, quoted, refusal } from "./sentences";

export interface Notice {
  id: number;
  text: string;
}

const TICK_MS = 200;
const NOTICES_KEPT = 3;

/** One signed-in agent's state as signals, and what they hear of it in sentences. */
export class Workplace {
  readonly agent: Agent;
  readonly workspace: string;
  readonly view = signal<View>({ agent: null, offers: [], desk: [], queues: [], lines: {}, statuses: [] });
  readonly state = signal<ConnectionState>("disconnected");
  readonly ended = signal<Ended | null>(null);
  readonly notices = signal<readonly Notice[]>([]);
  /** What changed while there was no connection. */
  readonly away = signal<readonly string[]>([]);
  /** Server time, for countdowns. */
  readonly now = signal(0);
  /** Server time in steps of five seconds, for ages: what reads it is drawn that much less often. */
  readonly slowNow = computed(() => Math.floor(this.now.value / 5_000) * 5_000);
  readonly #token: string;
  readonly #stop = new AbortController();
  #noticeCount = 0;

  constructor({ workspace, token }: Session) {
    this.workspace = workspace;
    this.#token = token;
    const url = new URL(`/v1/${encodeURIComponent(workspace)}/ws`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    let unused: string | null = token; // there is only this one: asked again, the session is over
    const getToken = async (): Promise<string | null> => {
      const given = unused;
      unused = null;
      return given;
    };
    this.agent = new Agent({ url: url.href, getToken });
    this.#listen();
  }

  open(): void {
    const { signal: stopped } = this.#stop;
    const ticking = setInterval(() => (this.now.value = this.agent.serverTime.now()), TICK_MS);
    stopped.addEventListener("abort", () => clearInterval(ticking));
    addEventListener("online", () => this.agent.retryNow(), { signal: stopped });
    addEventListener("offline", () => this.agent.drop(), { signal: stopped });
    // A hidden tab's timers may be a minute late: whoever looks again should not wait for one.
    document.addEventListener("visibilitychange", () => this.agent.retryNow(), { signal: stopped });
    this.connect();
  }

  connect(): void {
    this.ended.value = null;
    this.agent.connect();
  }

  close(): void {
    this.#stop.abort();
    this.agent.close();
  }

  notify(text: string): void {
    const notice = { id: ++this.#noticeCount, text };
    this.notices.value = [notice, ...this.notices.value].slice(0, NOTICES_KEPT);
  }

  dismiss(id: number): void {
    this.notices.value = this.notices.value.filter((notice) => notice.id !== id);
  }

  /** Wait for a command; returns whether it was accepted, and says why not. `one` is the case it was about. */
  async attempt(command: Promise<unknown>, one?: Case): Promise<boolean> {
    try {
      await command;
      return true;
    } catch (error) {
      this.notify((one ? `${quoted(one)}: ` : "") + refusal(error, this.view.value.agent?.agent));
      return false;
    }
  }

  #listen(): void {
    this.agent.on("state", (state) => (this.state.value = state));
    this.agent.on("ended", (ended) => (this.ended.value = ended));
    this.agent.on("view", (view) =>
      batch(() => {
        this.now.value = this.agent.serverTime.now();
        this.view.value = view;
      }),
    );
    this.agent.on("event", ({ event, before }) => {
      const text = isCaseEvent(event) ? (departure(event, before) ?? arrival(event, before)) : null;
      if (text) this.notify(text);
    });
    this.agent.on("snapshot", ({ before, after }) => before && void this.#compare(before, after));
  }

  async #compare(before: View, after: View): Promise<void> {
    const here = new Set([...after.offers, ...after.desk].map((one) => one.case));
    const gone = [...before.offers, ...before.desk].filter((one) => !here.has(one.case));
    this.away.value = await Promise.all(gone.map(async (one) => absence(one, await this.#whereIs(one))));
  }

  // The snapshot says what is left, not where the rest went. Null when it may not be known.
  async #whereIs(one: Case): Promise<CaseBrief | null> {
    try {
      const path = `/v1/${encodeURIComponent(this.workspace)}/cases/${encodeURIComponent(one.case)}`;
      const headers = { Authorization: `Bearer ${this.#token}` };
      const response = await fetch(path, { headers, signal: AbortSignal.timeout(3_000) });
      return response.ok ? ((await response.json()) as CaseBrief) : null;
    } catch {
      return null; // the sentence is then less exact, and says nothing that is not known
    }
  }
}
