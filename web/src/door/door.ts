import { batch, effect, signal } from "@preact/signals";
import { WrongRole } from "../sdk/index";
import type { Ended, Role } from "../sdk/index";
import type { Session } from "../ui/alerts/handover";
import { t } from "../ui/texts/basic";
import { Link } from "./link";
import { sentence } from "./sentence";

/** What lies behind the door: made for each session, before its connection opens. */
export interface Room {
  close(): void;
}

const NO_WORKSPACE = 4404;

/** The session that a tab has kept. Whatever else stands there, nobody is signed in: a half-written text must not keep the page from opening. */
export function sessionIn(kept: string | null): Session | null {
  try {
    const { workspace, token } = JSON.parse(kept ?? "null") as Session;
    return typeof workspace === "string" && typeof token === "string" ? { workspace, token } : null;
  } catch {
    return null;
  }
}

/**
 * Who is signed in, and the room that they work in. The session lives in this tab and in the tabs of the same page that
 * asked it for theirs: in localStorage a token would outlive the shift.
 */
export class Door<Place extends Room> {
  /** Names the page: `agent` or `supervisor`. */
  readonly page: string;
  /** Whose tokens open it; the first is asked for. */
  readonly roles: readonly Role[];
  readonly session = signal<Session | null>(null);
  readonly link = signal<Link | null>(null);
  readonly room = signal<Place | null>(null);
  /** The workspaces that may be entered by name alone; null: tokens are needed; undefined: not known yet. */
  readonly workspaces = signal<readonly string[] | null | undefined>(undefined);
  /** In words why that cannot be learnt at present; empty when it can. */
  readonly unreached = signal("");
  /** Has somebody just signed in and not been let in yet? Until then the sign-in form stays. */
  readonly isOpening = signal(false);
  /** Why the last one was not let in; empty after a sign-in that worked. */
  readonly turnedAway = signal("");
  readonly #furnish: (link: Link) => Place;
  readonly #key: string;

  constructor(page: string, roles: readonly Role[], furnish: (link: Link) => Place) {
    this.page = page;
    this.roles = roles;
    this.#furnish = furnish;
    this.#key = `casebaton.${page}.session`;
    this.session.value = sessionIn(sessionStorage.getItem(this.#key));
    this.session.subscribe((session) => this.#keep(session));
    effect(() => this.#watch());
    if (this.session.peek()) this.#enter(this.session.peek()!);
  }

  signIn(session: Session): void {
    batch(() => {
      this.isOpening.value = true;
      this.turnedAway.value = "";
      this.session.value = session;
      this.#enter(session);
    });
  }

  #enter(session: Session): void {
    this.#close();
    const link = new Link(session, (token) => (this.session.value = { ...session, token }));
    const room = this.#furnish(link);
    batch(() => {
      this.link.value = link;
      this.room.value = room;
    });
    link.open();
  }

  /** Leave. What was kept on this device is the page's to forget. */
  signOut(): void {
    batch(() => {
      this.#close();
      this.isOpening.value = false;
      this.session.value = null;
    });
  }

  #close(): void {
    this.room.peek()?.close();
    this.link.peek()?.close();
    this.room.value = null;
    this.link.value = null;
  }

  // Let in, or not.
  #watch(): void {
    const link = this.link.value;
    if (!link) return;
    const ended = link.ended.value;
    if (link.wasThere.value) this.isOpening.value = false;
    else if (ended) {
      this.turnedAway.value = this.#refusal(ended, link.workspace);
      this.signOut();
    }
  }

  #refusal(ended: Ended, workspace: string): string {
    if (ended instanceof WrongRole) return t.wrongRole(ended.role, this.roles[0]!);
    return ended.closeCode === NO_WORKSPACE ? t.noWorkspace(workspace) : sentence(ended.reason);
  }

  #keep(session: Session | null): void {
    if (session) sessionStorage.setItem(this.#key, JSON.stringify(session));
    else sessionStorage.removeItem(this.#key);
  }
}
