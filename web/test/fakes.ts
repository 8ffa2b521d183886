import type { Clock } from "../src/sdk/clock";
import type { Socket } from "../src/sdk/connection";
import type { CaseEvent } from "../src/sdk/events";
import { AGENT_STATE, CASE } from "../src/sdk/types";
import type { AgentState, Case, Event, EventType, Snapshot, Welcome } from "../src/sdk/types";

/** A clock that moves only when told. */
export class HandClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((each) => each !== timer));
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}

/** The server's end of one socket, played by the test. */
export class FakeSocket implements Socket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((message: { data: never }) => void) | null = null;
  onclose: ((close: { code: number; reason: string }) => void) | null = null;
  readonly received: Record<string, any>[] = [];
  closedByClient = false;
  #seq = 0;

  send(text: string): void {
    this.received.push(JSON.parse(text));
  }

  close(): void {
    this.closedByClient = true;
  }

  push(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) as never });
  }

  pushEvent(event: object): void {
    this.push({ at_ms: 0, ...event, seq: ++this.#seq });
  }

  skipOneEvent(): void {
    this.#seq += 1;
  }

  welcome(snapshot: Partial<Snapshot> = {}, change: Partial<Welcome> = {}): void {
    this.onopen?.(null as never);
    const full = { agent: anAgent(), offers: [], desk: [], queues: [], statuses: [], ...snapshot };
    this.push({
      type: "welcome", protocol: 1, workspace: "acme", role: "agent", subject: "ana", server_time_ms: 1_000_000,
      heartbeat_ms: 15_000, limits: { frame_bytes: 65_536, commands_per_second: 50, connections: 10 },
      snapshot: full, position: "100-0", ...change,
    });
  }

  /** The commands of a type that came, in order. */
  sent(type: string): Record<string, any>[] {
    return this.received.filter((frame) => frame["type"] === type);
  }

  /** Say yes to the last command of a type. */
  accept(type: string, ok: object = {}, position = "200-0"): void {
    this.push({ type: "reply", id: this.sent(type).at(-1)!["id"], ok, position });
  }

  /** Say no to it. */
  refuse(type: string, code: string, error: object = {}): void {
    this.push({ type: "reply", id: this.sent(type).at(-1)!["id"], error: { code, detail: "no", retryable: false, ...error } });
  }

  end(code: number): void {
    this.onclose?.({ code, reason: "" });
  }
}

/** Let promises that are due settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export function anAgent(change: Partial<AgentState> = {}): AgentState {
  return {
    ...AGENT_STATE, agent: "ana", name: "Ana", team: "north", status: "online", status_cause: "agent", presence: "connected",
    capacity: 10, interruptible_capacity: 3, queues: ["billing"], label: "online", label_before: "offline",
    channels_before: ["*"], ...change,
  } as AgentState;
}

export function aCase(id: string, change: Partial<Case> = {}): Case {
  return {
    ...CASE, case: id, state: "waiting", owner: "queue:billing", queue: "billing", channel: "case", priority: 5, baton: "b.1",
    revision: 1, score: 10, card: { subject: `Subject ${id}` }, ...change,
  } as Case;
}

// The events of a case that is in view already say nothing more of it.
const TERSE: ReadonlySet<EventType> = new Set([
  "case_accepted", "case_wrapping", "case_closed", "case_cancelled", "wrap_up_extended",
  "case_parked", "case_resumed", "case_wake_pending",
]);

export function anEvent(type: EventType, id: string, change: Partial<CaseEvent> = {}): CaseEvent {
  return {
    type, seq: 1, position: "200-0", at_ms: 5, actor: "engine", cause: "test", case: id, state: "waiting",
    owner: "queue:billing", queue: "billing", baton: "b.2", revision: 2, score: 10,
    ...(!TERSE.has(type) && { channel: "case", priority: 5, created_at_ms: 0, requested_at_ms: 0 }),
    ...change,
  };
}

/** An event that is not about a case. */
export function anotherEvent(type: EventType, change: Partial<Event> = {}): Event {
  return { type, seq: 1, position: "200-0", at_ms: 5, actor: "engine", cause: "test", ...change };
}
