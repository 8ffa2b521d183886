// The last picture of one's work, for when there is no connection at all: read-only, on this device, gone with the sign-out.

const CACHE = "casebaton last view";

/** A view as it stood at an instant (server time, ms). */
export interface LastView<View> {
  atMs: number;
  view: View;
}

// Caches are keyed by requests; this one is never sent.
const keyOf = (who: string): string => `/last-view/${encodeURIComponent(who)}`;

/** Keep it. `who`: workspace, role and subject. Where the browser keeps nothing (private windows), nothing is kept. */
export async function keepView<View>(who: string, kept: LastView<View>): Promise<void> {
  if (!("caches" in globalThis)) return;
  const cache = await caches.open(CACHE);
  await cache.put(keyOf(who), new Response(JSON.stringify(kept), { headers: { "Content-Type": "application/json" } }));
}

/** What was kept last; null if nothing was. */
export async function lastView<View>(who: string): Promise<LastView<View> | null> {
  if (!("caches" in globalThis)) return null;
  const found = await (await caches.open(CACHE)).match(keyOf(who));
  return found ? ((await found.json()) as LastView<View>) : null;
}

/** Forget all of them: at the sign-out. */
export async function forgetViews(): Promise<void> {
  if ("caches" in globalThis) await caches.delete(CACHE);
}
