import { batch, effect, signal } from "@preact/signals";
import { WrongRole } from "../sdk/index";
import type { Ended, Role } from "../sdk/index";
import type { Session } from "../ui/alerts/handover";
import { askForSession, handOver } from "../ui/alerts/handover";
import { forgetViews } from "../ui/last-view";
import { t } from "../ui/texts";
import { d } from "../ui/texts/door";
import { Link } from "./link";
import { sentence } from "./sentence";

/** What lies behind the door: made for each session, before its connection opens. */
export interface Room {
  close(): void;
}

const NO_WORKSPACE = 4404;

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
    this.session.value = this.#stored();
    this.session.subscribe((session) => this.#keep(session));
    effect(() => this.#watch());
    handOver(page, () => (this.link.peek()?.state.peek() === "connected" ? this.session.peek() : null));
    if (this.session.peek()) this.#enter(this.session.peek()!);
  }

  /** Learn how to sign in here, and whether another tab of this page has a session to share. */
  async look(): Promise<void> {
    try {
      const workspaces = await devWorkspaces();
      // Where a name is enough everybody is who they like, in each tab: there is nothing to hand over.
      const session = workspaces ? null : await askForSession(this.page);
      if (session && !this.session.peek()) this.signIn(session);
      this.workspaces.value = workspaces;
    } catch (error) {
      batch(() => {
        this.workspaces.value = null;
        this.turnedAway.value = t.unreachable((error as Error).message);
      });
    }
  }

  signIn(session: Session): void {
    batch(() => {
      this.isOpening.value = true;
      this.turnedAway.value = "";
      this.session.value = session;
      this.#enter(session);
    });
  }

  /** Leave, and forget what was kept on this device. */
  signOut(): void {
    void forgetViews();
    this.#leave();
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

  #leave(): void {
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
      this.#leave();
    }
  }

  #refusal(ended: Ended, workspace: string): string {
    if (ended instanceof WrongRole) return d.wrongRole(ended.role, this.roles[0]!);
    return ended.closeCode === NO_WORKSPACE ? t.noWorkspace(workspace) : sentence(ended.reason);
  }

  #stored(): Session | null {
    const text = sessionStorage.getItem(this.#key);
    return text === null ? null : (JSON.parse(text) as Session);
  }

  #keep(session: Session | null): void {
    if (session) sessionStorage.setItem(this.#key, JSON.stringify(session));
    else sessionStorage.removeItem(this.#key);
  }
}

/** The workspaces that may be entered by name alone, or null where tokens are needed. */
async function devWorkspaces(): Promise<readonly string[] | null> {
  const response = await fetch("/v1/dev");
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(d.serverAnswered(response.status));
  const { dev, workspaces } = (await response.json()) as { dev: boolean; workspaces: string[] };
  return dev ? workspaces : null;
}

/** Get a token for a name (development servers only). Rejects with a sentence. */
export async function tokenFor(workspace: string, name: string, role: Role): Promise<string> {
  const response = await fetch(`/v1/${encodeURIComponent(workspace)}/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, role }),
  });
  const { token, code, detail } = (await response.json()) as { token?: string; code?: string; detail?: string };
  if (token) return token;
  if (code === "UNKNOWN_AGENT") throw new Error(d.noAgent(name, workspace));
  throw new Error(sentence(detail ?? d.serverAnswered(response.status)));
}
