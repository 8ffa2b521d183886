import { batch, computed, effect, signal } from "@preact/signals";
import { sentence } from "./sentences";
import { Workplace } from "./workplace";

/** Who is signed in where. Kept for this tab only: a token in localStorage would outlive the shift. */
export interface Session {
  workspace: string;
  token: string;
}

const KEY = "casebaton.session";
const NO_WORKSPACE = 4404;

function stored(): Session | null {
  const text = sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Session);
}

export const session = signal<Session | null>(stored());

effect(() => {
  if (session.value) sessionStorage.setItem(KEY, JSON.stringify(session.value));
  else sessionStorage.removeItem(KEY);
});

/** Has somebody just signed in and not been let in yet? Until then the sign-in form stays. */
export const isAtTheDoor = signal(false);
/** Why the last one was not let in; empty after a sign-in that worked. */
export const turnedAway = signal("");

export function signIn(fresh: Session): void {
  batch(() => {
    isAtTheDoor.value = true;
    turnedAway.value = "";
    session.value = fresh;
  });
}

/** The signed-in agent's place of work; a new session opens a new one. */
export const workplace = computed(() => (session.value ? new Workplace(session.value) : null));

let open: Workplace | null = null;
effect(() => {
  open?.close();
  open = workplace.value;
  open?.open();
});

effect(() => {
  const work = workplace.value;
  if (!work || !isAtTheDoor.value) return;
  if (work.view.value.agent) isAtTheDoor.value = false;
  const ended = work.ended.value;
  if (!ended) return;
  batch(() => {
    isAtTheDoor.value = false;
    turnedAway.value = ended.code === NO_WORKSPACE ? `There is no workspace ${work.workspace}.` : sentence(ended.reason);
    session.value = null;
  });
});

/** The workspaces that may be entered by name alone, or null where tokens are needed. */
export async function devWorkspaces(): Promise<string[] | null> {
  const response = await fetch("/v1/dev");
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const { dev, workspaces } = (await response.json()) as { dev: boolean; workspaces: string[] };
  return dev ? workspaces : null;
}

/** Get a token for a name (development servers only). Rejects with a sentence. */
export async function tokenFor(workspace: string, name: string): Promise<string> {
  const response = await fetch(`/v1/${encodeURIComponent(workspace)}/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, role: "agent" }),
  });
  const { token, code, detail } = (await response.json()) as { token?: string; code?: string; detail?: string };
  if (token) return token;
  const where = code === "UNKNOWN_AGENT" ? ` in ${workspace}` : "";
  throw new Error(sentence(`${detail ?? `the server answered ${response.status}`}${where}`));
}
