import { type OpenChannel, untilAborted } from "./tabs";

// A session lives in one tab and its sessionStorage, which a reload keeps. A second tab of the same kind asks those that are open, and gets it from one of
// them: nothing is stored that would outlive the last. Only pages of this origin hear the channel.

/** Who is signed in where. */
export interface Session {
  workspace: string;
  token: string;
}

// A page hears its own words, too, if it listens and asks at once: `from` tells them apart.
type Message = { kind: string; from: string } & (
  | { type: "wanted" }
  | { type: "given"; session: Session }
  /** This tab has none. */
  | { type: "none" }
  /** Somebody has signed out, in all tabs. */
  | { type: "left"; who: string }
);

const CHANNEL = "casebaton session";
const PATIENCE_MS = 3_000; // a tab answers at once, but the machine may be busy
const BLIND_PATIENCE_MS = 400; // where nothing tells whether there is another tab at all

/** What hand-overs need of the browser; tests bring their own. Locks are only where the page is trusted (HTTPS, loopback). */
export interface Between {
  open: OpenChannel;
  locks: Pick<LockManager, "request" | "query"> | null;
  after: (ms: number, action: () => void) => unknown;
  /** This tab's own name. */
  me: string;
}

const me = `${Date.now()}-${Math.random()}`;
const browser = (): Between => ({ open: (name) => new BroadcastChannel(name), locks: navigator.locks ?? null, after: (ms, action) => setTimeout(action, ms), me });

const lockOf = (kind: string): string => `${CHANNEL} ${kind} `;

/** Give this tab's session to those that ask, and hear when it has ended elsewhere; `kind` keeps agents' from supervisors'. The result ends it. */
export function handOver(kind: string, session: () => Session | null, onLeft: (who: string) => void, { open, locks, me }: Between = browser()): () => void {
  const channel = open(CHANNEL);
  const stop = new AbortController();
  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    if (data.kind !== kind || data.from === me) return;
    if (data.type === "left") return onLeft(data.who);
    if (data.type !== "wanted") return;
    const given = session();
    channel.postMessage((given ? { type: "given", kind, from: me, session: given } : { type: "none", kind, from: me }) satisfies Message);
  });
  // Held as long as this tab can answer: whoever asks knows how many answers there will be.
  void locks?.request(lockOf(kind) + me, () => untilAborted(stop.signal));
  return () => {
    stop.abort();
    channel.close();
  };
}

/** Tell the other tabs that this person has signed out. */
export function leave(kind: string, who: string, { open, me }: Between = browser()): void {
  const channel = open(CHANNEL);
  channel.postMessage({ type: "left", kind, from: me, who } satisfies Message);
  channel.close();
}

/** How many other tabs could answer; null where that cannot be known. */
async function others(kind: string, { locks, me }: Between): Promise<number | null> {
  if (!locks) return null;
  const { held = [] } = await locks.query();
  return held.filter(({ name }) => name?.startsWith(lockOf(kind)) && name !== lockOf(kind) + me).length;
}

/** The session of another open tab; null when there is none, or none that is signed in. */
export async function askForSession(kind: string, between: Between = browser()): Promise<Session | null> {
  let left = await others(kind, between);
  if (left === 0) return null;
  const channel = between.open(CHANNEL);
  try {
    return await new Promise((answer) => {
      channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
        if (data.kind !== kind || data.from === between.me) return;
        if (data.type === "given") answer(data.session);
        if (data.type === "none" && left !== null && --left === 0) answer(null);
      });
      channel.postMessage({ type: "wanted", kind, from: between.me } satisfies Message);
      between.after(left === null ? BLIND_PATIENCE_MS : PATIENCE_MS, () => answer(null));
    });
  } finally {
    channel.close();
  }
}
