import type { Clock } from "../src/sdk/clock";
import type { Socket } from "../src/sdk/connection";
import type { AgentState, Case, CaseEvent, Snapshot } from "../src/sdk/messages";

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
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
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
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  pushEvent(event: object): void {
    this.push({ at_ms: 0, ...event, seq: ++this.#seq });
  }

  skipOneEvent(): void {
    this.#seq += 1;
  }

  welcome(snapshot: Partial<Snapshot> = {}, serverTimeMs = 1_000_000): void {
    this.onopen?.();
    const full = { agent: anAgent(), offers: [], desk: [], queues: [], statuses: [], ...snapshot };
    this.push({ type: "welcome", role: "agent", server_time_ms: serverTimeMs, snapshot: full, position: "100-0" });
  }

  end(code: number): void {
    this.onclose?.({ code, reason: "" });
  }
}

/** Let promises that are due settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

export function anAgent(change: Partial<AgentState> = {}): AgentState {
  return {
    agent: "ana", name: "Ana", team: "north", status: "online", status_cause: "agent", channels: ["*"],
    presence: "connected", capacity: 10, interruptible_capacity: 3, held_primary: 0, held_interruptible: 0,
    offers: 0, missed: 0, queues: ["billing"], label: "online", label_before: "offline", channels_before: ["*"],
    auto_accept: false, next_status: "", ...change,
  };
}

export function aCase(id: string, change: Partial<Case> = {}): Case {
  return {
    case: id, state: "waiting", owner: "queue:billing", queue: "billing", channel: "case", priority: 5, baton: "b.1",
    revision: 1, created_at_ms: 0, requested_at_ms: 0, state_at_ms: 0, score: 10, card: { subject: `Subject ${id}` },
    ...change,
  };
}

// The events of a case that is in view already say nothing more of it.
const TERSE: ReadonlySet<CaseEvent["type"]> = new Set([
  "case_accepted", "case_wrapping", "case_closed", "case_cancelled", "wrap_up_extended",
  "case_parked", "case_resumed", "case_wake_pending",
]);

export function anEvent(type: CaseEvent["type"], id: string, change: Partial<CaseEvent> = {}): CaseEvent {
  return {
    type, seq: 1, position: "200-0", at_ms: 5, actor: "engine", cause: "test", case: id, state: "waiting",
    owner: "queue:billing", queue: "billing", baton: "b.2", revision: 2, score: 10,
    ...(!TERSE.has(type) && { channel: "case", priority: 5, created_at_ms: 0, requested_at_ms: 0 }),
    ...change,
  };
}
