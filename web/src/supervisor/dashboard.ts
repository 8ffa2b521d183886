import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Room } from "../door/door";
import type { Link } from "../door/link";
import { type Client, type Overview, Supervisor } from "../sdk/index.ts";
import { Notices } from "../ui/notices";
import { Shortcuts } from "../ui/shortcuts";
import { followClock } from "../ui/ticker";
import { AlertBell } from "./alerts/bell";
import { AlertBoard } from "./alerts/board";
import { Cards } from "./alerts/cards";
import { Configuration } from "./configuration";
import { Floor } from "./floor/floor";

/** A session of the dashboard: what every screen works with. */
export class Dashboard implements Room {
  readonly client: Client;
  readonly supervisor: Supervisor;
  readonly overview: Overview;
  readonly floor: Floor;
  readonly notices = new Notices();
  readonly shortcuts = new Shortcuts();
  readonly configuration: Configuration;
  readonly alertBell = new AlertBell();
  readonly alertBoard: AlertBoard;
  readonly cards: Cards;
  /** Why the workspace cannot be watched; empty while it can. */
  readonly failure: Signal<string> = signal("");
  readonly #stops: (() => void)[];

  constructor({ client }: Link) {
    this.client = client;
    this.supervisor = new Supervisor(client);
    this.overview = this.supervisor.watchWorkspace();
    this.floor = new Floor(this.overview);
    this.configuration = new Configuration(this.supervisor);
    this.cards = new Cards(this.supervisor);
    this.alertBoard = new AlertBoard(this.overview, this.floor.isPaused, (alert) => this.alertBell.tell(alert));
    this.#stops = [this.#tellTime(), this.overview.on("over", (error) => (this.failure.value = error?.detail ?? ""))];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.configuration.close();
    this.alertBoard.close();
    this.floor.close();
  }

  // Clocks stand still with everything else while it is paused.
  #tellTime(): () => void {
    return this.floor.isPaused.subscribe((isPaused) => {
      const at = this.client.time.now();
      followClock(isPaused ? () => at : () => this.client.time.now());
    });
  }
}

export const DashboardContext = createContext<Dashboard | null>(null);

/** The dashboard that this is a part of. */
export function useDashboard(): Dashboard {
  return useContext(DashboardContext)!;
}
