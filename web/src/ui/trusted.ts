// The pages' one Trusted Types policy: the scripts that a worker may run are these two, and nothing makes HTML.

declare const TIMER_WORKER: string; // the built file's path, from build.mjs

interface Policy {
  createScriptURL(url: string): unknown;
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

const SCRIPTS: readonly string[] = ["/sw.js", TIMER_WORKER];

function only(url: string): string {
  if (!SCRIPTS.includes(url)) throw new TypeError(`${url} is not a script of these pages`);
  return url;
}

const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy: Policy = factory?.createPolicy("casebaton", { createScriptURL: only }) ?? { createScriptURL: only };

// Where Trusted Types are, the browser takes nothing but their objects; the DOM's types know only strings.
const trusted = (url: string): string => policy.createScriptURL(url) as string;

export function timerWorker(): Worker {
  return new Worker(trusted(TIMER_WORKER));
}

/** The service worker, once it is active; null where there is none (private windows, plain HTTP in a network). */
export async function serviceWorker(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator)) return null;
  try {
    await navigator.serviceWorker.register(trusted("/sw.js"), { updateViaCache: "none" });
  } catch (error) {
    if (error instanceof DOMException) return null; // refused by the browser's settings: the page works without
    throw error;
  }
  return navigator.serviceWorker.ready;
}
