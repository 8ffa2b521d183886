import { type ReadonlySignal, signal } from "@preact/signals";
import { CasebatonError, type Config, type Supervisor } from "../sdk/index.ts";

/** What the dashboard reads of a configuration's document; every default is filled in by the server. */
export interface Rules {
  statuses: Readonly<Record<string, { kind: string; teams?: readonly string[] }>>;
  alerts?: Readonly<Record<string, Threshold>>;
  queues?: Readonly<Record<string, { hours?: string | null }>>;
  hours?: Readonly<Record<string, Hours>>;
}

/** What supervisors are alerted to; all that is named has to be so at once. */
export interface Threshold {
  queue?: string | null;
  waiting_above?: number | null;
  oldest_above_s?: number | null;
  level_below?: number | null;
  for_s?: number;
}

export interface Hours {
  zone: string;
  week?: Readonly<Record<string, readonly string[]>>;
}

/** The configuration in force: read when somebody first asks, and anew whenever another comes into force. */
export class Configuration {
  readonly #supervisor: Supervisor;
  readonly #config = signal<Config | null>(null);
  readonly #stop: () => void;
  #isWanted = false;

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    const stopHearing = supervisor.client.on("event", ({ type }) => void (type === "config_applied" && this.#isWanted && this.#read()));
    const stopReturning = supervisor.client.on("snapshot", () => void (this.#isWanted && this.#read()));
    this.#stop = () => {
      stopHearing();
      stopReturning();
    };
  }

  /** Null until it has come. */
  get config(): ReadonlySignal<Config | null> {
    if (!this.#isWanted) this.#read();
    return this.#config;
  }

  get rules(): Rules | null {
    return (this.config.value?.document as Rules | undefined) ?? null;
  }

  close(): void {
    this.#stop();
  }

  #read(): void {
    this.#isWanted = true;
    this.#supervisor.config().then((config) => (this.#config.value = config), (error: unknown) => {
      // Lost with the connection: it is read again with the next. Choices that come from it are short until then.
      if (!(error instanceof CasebatonError)) throw error;
    });
  }
}
