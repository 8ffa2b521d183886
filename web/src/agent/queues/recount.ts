import type { Work } from "../work";

const OLD_MS = 60_000;

/** Count the queues anew when somebody comes back to the page, at most once a minute; the result ends it. */
export function recountOnReturn(work: Work): () => void {
  const look = (): void => {
    if (document.hidden || work.client.state !== "connected" || work.client.time.now() - work.countedAtMs.peek() < OLD_MS) return;
    void work.attempt(work.agent.renew());
  };
  document.addEventListener("visibilitychange", look);
  return () => document.removeEventListener("visibilitychange", look);
}
