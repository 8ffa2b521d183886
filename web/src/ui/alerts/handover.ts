import type { OpenChannel } from "./tabs";

// A session lives in one tab's memory. A second tab of the same kind asks those that are open, and gets it from one of
// them: nothing is stored that would outlive the last. Only pages of this origin hear the channel.

/** Who is signed in where. */
export interface Session {
  workspace: string;
  token: string;
}

type Message<Kind extends string> = { type: "wanted"; kind: Kind } | { type: "given"; kind: Kind; session: Session };

const CHANNEL = "casebaton session";
const PATIENCE_MS = 250;

/** Give this tab's session to those that ask; `kind` keeps agents' from supervisors'. The result ends it. */
export function handOver<Kind extends string>(kind: Kind, session: () => Session | null, open: OpenChannel = (name) => new BroadcastChannel(name)): () => void {
  const channel = open(CHANNEL);
  channel.addEventListener("message", ({ data }: MessageEvent<Message<Kind>>) => {
    const given = data.type === "wanted" && data.kind === kind ? session() : null;
    if (given) channel.postMessage({ type: "given", kind, session: given } satisfies Message<Kind>);
  });
  return () => channel.close();
}

/** The session of another open tab; null when none answers in a moment. */
export async function askForSession<Kind extends string>(
  kind: Kind,
  open: OpenChannel = (name) => new BroadcastChannel(name),
  after: (ms: number, action: () => void) => unknown = (ms, action) => setTimeout(action, ms),
): Promise<Session | null> {
  const channel = open(CHANNEL);
  try {
    return await new Promise((answer) => {
      channel.addEventListener("message", ({ data }: MessageEvent<Message<Kind>>) => {
        if (data.type === "given" && data.kind === kind) answer(data.session);
      });
      channel.postMessage({ type: "wanted", kind } satisfies Message<Kind>);
      after(PATIENCE_MS, () => answer(null));
    });
  } finally {
    channel.close();
  }
}
