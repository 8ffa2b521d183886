import type { Role } from "../sdk/index";
import { askForSession, handOver, leave } from "../ui/alerts/handover";
import type { Session } from "../ui/alerts/handover";
import { t } from "../ui/texts";
import { d } from "../ui/texts/door";
import type { Door, Room } from "./door";
import { sentence } from "./sentence";

/** Learn how to sign in here, and whether another tab of this page has a session to share. */
export async function look(door: Door<Room>): Promise<void> {
  try {
    const workspaces = await devWorkspaces();
    // Where a name is enough everybody is who they like, in each tab: there is nothing to hand over.
    const session = workspaces ? null : await askForSession(door.page);
    if (session && !door.session.peek()) door.signIn(session);
    door.workspaces.value = workspaces;
  } catch (error) {
    door.turnedAway.value = t.unreachable((error as Error).message);
    door.workspaces.value = null;
  }
}

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
