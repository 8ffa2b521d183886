import { computed, effect, signal } from "@preact/signals";
import { Workplace } from "./workplace";

/** Who is signed in where. Kept for this tab only: a token in localStorage would outlive the shift. */
export interface Session {
  workspace: string;
  token: string;
}

const KEY = "casebaton.session";

function stored(): Session | null {
  const text = sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Session);
}

export const session = signal<Session | null>(stored());

effect(() => {
  if (session.value) sessionStorage.setItem(KEY, JSON.stringify(session.value));
  else sessionStorage.removeItem(KEY);
});

/** The signed-in agent's place of work; a new session opens a new one. */
export const workplace = computed(() => (session.value ? new Workplace(session.value) : null));

let open: Workplace | null = null;
effect(() => {
  open?.close();
  open = workplace.value;
  open?.open();
});

/** The workspaces that may be entered by name alone, or null where tokens are needed. */
export async function devWorkspaces(): Promise<string[] | null> {
  const response = await fetch("/v1/dev");
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const { dev, workspaces } = (await response.json()) as { dev: boolean; workspaces: string[] };
  return dev ? workspaces : null;
}

/** Get a token for a name (development servers only). Rejects with the server's own sentence. */
export async function tokenFor(workspace: string, name: string): Promise<string> {
  const response = await fetch(`/v1/${encodeURIComponent(workspace)}/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, role: "agent" }),
  });
  const answer = (await response.json()) as { token?: string; detail?: string };
  if (!response.ok || !answer.token) throw new Error(answer.detail ?? `the server answered ${response.status}`);
  return answer.token;
}
