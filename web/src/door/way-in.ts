import { batch } from "@preact/signals";
import type { Role } from "../sdk/index";
import { askForSession, handOver, leave } from "../ui/alerts/handover";
import type { Session } from "../ui/alerts/handover";
import type { After } from "../ui/frames";
import { d } from "../ui/texts/door";
import type { Door, Room } from "./door";
import { timers } from "./link";
import { sentence } from "./sentence";

const ANSWER_WITHIN_MS = 10_000;
const AGAIN_MS = { first: 1_000, most: 15_000 };

/** What a look needs; tests bring their own. */
export interface Sight {
  /** The workspaces that may be entered by name alone, or null where tokens are needed. */
  workspaces: () => Promise<readonly string[] | null>;
  /** Another tab's session. */
  session: (page: string) => Promise<Session | null>;
  after: After;
}

const real: Sight = { workspaces: devWorkspaces, session: askForSession, after: (ms, action) => timers.after(ms, action) };

/** A question that is asked until it is answered. */
export interface Look {
  /** Ask at once, unless that is under way. */
  now: () => Promise<void>;
  stop: () => void;
}

/** Learn how to sign in here, and whether another tab of this page has a session to share: again and again until the server answers, at most every 15 s. */
export function look(door: Pick<Door<Room>, "page" | "session" | "signIn" | "workspaces" | "unreached">, sight: Sight = real): Look {
  let isAsking = false;
  let isOver = false;
  let pause = AGAIN_MS.first;
  let cancel = (): void => {};
  async function now(): Promise<void> {
    if (isAsking || isOver) return;
    cancel();
    isAsking = true;
    const found = await find(door.page, sight);
    isAsking = false;
    if (isOver) return; // the form was left meanwhile
    if (typeof found === "string") {
      door.unreached.value = found;
      cancel = sight.after(pause, () => void now());
      pause = Math.min(pause * 2, AGAIN_MS.most);
      return;
    }
    stop();
    if (found.session && !door.session.peek()) door.signIn(found.session);
    batch(() => {
      door.unreached.value = "";
      door.workspaces.value = found.workspaces;
    });
  }
  function stop(): void {
    isOver = true;
    cancel();
  }
  void now();
  return { now, stop };
}

interface Found {
  workspaces: readonly string[] | null;
  session: Session | null;
}

/** How to sign in, or in words why that cannot be learnt now. */
async function find(page: string, sight: Sight): Promise<Found | string> {
  let workspaces;
  try {
    workspaces = await sight.workspaces();
  } catch (error) {
    return error instanceof NotReady ? error.message : d.unreached; // the browser's own words ("Failed to fetch") say no more
  }
  // Where a name is enough everybody is who they like, in each tab: there is nothing to hand over.
  return { workspaces, session: workspaces ? null : await sight.session(page) };
}

/** The server, or what stands before it, answered something else. */
export class NotReady extends Error {}

/** Let other tabs of this page in with the session of this one, while it is connected; the result ends it. */
export function share(door: Door<Room>): () => void {
  const session = (): Session | null => (door.link.peek()?.state.peek() === "connected" ? door.session.peek() : null);
  return handOver(door.page, session, (who) => who === whoIsIn(door) && door.signOut());
}

/** Sign out, and in every other tab of this page in which the same person is signed in. */
export function signOutEverywhere(door: Door<Room>): void {
  const who = whoIsIn(door);
  door.signOut();
  leave(door.page, who);
}

// On a development server each tab may have somebody else.
function whoIsIn(door: Door<Room>): string {
  const link = door.link.peek();
  return link ? `${link.workspace} ${link.client.subject}` : "";
}

async function devWorkspaces(): Promise<readonly string[] | null> {
  const response = await fetch("/v1/dev", { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (response.status === 404) return null;
  if (!response.ok) throw new NotReady(d.notReady(response.status));
  const { dev, workspaces } = (await response.json()) as { dev: boolean; workspaces: string[] };
  return dev ? workspaces : null;
}

/** Get a token for a name (development servers only). Rejects with a sentence. */
export async function tokenFor(workspace: string, name: string, role: Role): Promise<string> {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name, role }) };
  const response = await fetch(`/v1/${encodeURIComponent(workspace)}/sign-in`, { ...asked, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch((cause: unknown) => {
    throw new Error(sentence(d.unreached), { cause });
  });
  const isOurs = response.headers.get("Content-Type")?.includes("json"); // a proxy's own page is not
  const { token, code, detail } = (isOurs ? await response.json() : {}) as { token?: string; code?: string; detail?: string };
  if (token) return token;
  if (code === "UNKNOWN_AGENT") throw new Error(d.noAgent(name, workspace));
  throw new Error(sentence(detail ?? d.notReady(response.status)));
}
