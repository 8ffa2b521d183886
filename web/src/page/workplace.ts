import { batch, computed, signal } from "@preact/signals";
import type { ConnectionState, Ended } from "../sdk/connection";
import { Agent } from "../sdk/agent";
import type { View } from "../sdk/desk";
import type { Case, CaseBrief } from "../sdk/messages";
import { isCaseEvent } from "../sdk/messages";
import { Notices } from "./notices";
import type { Session } from "./session";
import { absence, arrival, departure, quoted, refusal, sentence } from "./sentences";
import { truthOf } from "./truth";

const TOO_MANY_CONNECTIONS = 4003;
const TICK_MS = 200;

/** One signed-in agent's state as signals, and what they hear of it in sentences. */
export class Workplace {
  readonly agent: Agent;
  readonly workspace: string;
  readonly view = signal<View>({ agent: null, offers: [], desk: [], queues: [], lines: {}, statuses: [] });
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
  readonly #token: string;
  readonly #stop = new AbortController();

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
    const ticking = setInterval(() => this.#tick(), TICK_MS);
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
    const found = await this.#read<{ items: { queue: string }[] }>("queues");
    return found && found.items.map(({ queue }) => queue);
  }

  #tick(): void {
    this.now.value = this.agent.serverTime.now();
    this.notices.pass(TICK_MS);
  }

  #listen(): void {
    this.agent.on("state", (state) => (this.state.value = state));
    this.agent.on("ended", (ended) => (this.ended.value = ended));
    this.agent.on("lost", (code) => (this.crowded.value = code === TOO_MANY_CONNECTIONS));
    this.agent.on("view", (view) =>
      batch(() => {
        this.now.value = this.agent.serverTime.now();
        this.view.value = view;
      }),
    );
    this.agent.on("event", ({ event, before }) => {
      const text = isCaseEvent(event) ? (departure(event, before) ?? arrival(event, before)) : null;
      if (text) this.notices.add(text);
    });
    this.agent.on("snapshot", ({ before, after }) => before && void this.#compare(before, after));
  }

  async #compare(before: View, after: View): Promise<void> {
    const here = new Set([...after.offers, ...after.desk].map((one) => one.case));
    const gone = [...before.offers, ...before.desk].filter((one) => !here.has(one.case));
    this.away.value = await Promise.all(gone.map(async (one) => absence(one, await this.#read<CaseBrief>(`cases/${encodeURIComponent(one.case)}`))));
  }

  // What the socket does not tell, such as where a case went that the snapshot no longer shows. Null when it cannot be
  // had: the page then says less, and nothing that is not known.
  async #read<Body>(path: string): Promise<Body | null> {
    try {
      const headers = { Authorization: `Bearer ${this.#token}` };
      const url = `/v1/${encodeURIComponent(this.workspace)}/${path}`;
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(3_000) });
      return response.ok ? ((await response.json()) as Body) : null;
    } catch {
      return null;
    }
  }
}
