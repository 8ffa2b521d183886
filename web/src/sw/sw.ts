/// <reference lib="webworker" />

// The service worker: keeps the pages' shell, so that they open without a network, and hands presses in notifications to
// a page. It never touches what the server says of cases: `/v1` goes past it.

declare const SHELL: readonly string[]; // every built file, from build.mjs
declare const VERSION: string; // a hash of them

const here = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `casebaton shell ${VERSION}`;
const PAGES = new Set(["/", "/agent", "/supervisor"]);

here.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => here.skipWaiting()));
});

here.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlderShells().then(() => here.clients.claim()));
});

async function forgetOlderShells(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("casebaton shell ") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

here.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && PAGES.has(pathname)) event.respondWith(fromNetworkFirst(request, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(fromCacheFirst(request));
});

/** A page: the server's, or without it the one that is kept. */
async function fromNetworkFirst(request: Request, pathname: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(pathname, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

/** A file whose name carries a hash of its content: once had, always right. */
async function fromCacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
}

here.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const { path } = notification.data as { path: string };
  event.waitUntil(handOn({ type: "notification", tag: notification.tag, action }, path));
});

interface Pressed {
  type: "notification";
  tag: string;
  action: string;
}

const PATIENCE_MS = 10_000; // a hidden page may be slow to answer
const WINDOW_PATIENCE_MS = 500; // browsers let a press bring a window forward for a second or so

/** Tell the page that has the offer, and bring it forward unless the press was an answer; without a page, open one. */
async function handOn(pressed: Pressed, path: string): Promise<void> {
  // Uncontrolled: a page that was loaded past the cache is one, too.
  const all = await here.clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = all.filter((client) => new URL(client.url).pathname === path);
  const likely = pages.find(({ focused }) => focused) ?? pages.find(({ visibilityState }) => visibilityState === "visible") ?? pages[0];
  if (!likely) {
    await here.clients.openWindow(path);
    return;
  }
  const page = await whose(pages, pressed, likely);
  page.postMessage(pressed);
  if (pressed.action === "") await page.focus();
}

/** Of several pages, in which different people may be signed in, the first to say that it has the offer; else the likely one. */
function whose(pages: readonly WindowClient[], { tag, action }: Pressed, likely: WindowClient): Promise<WindowClient> {
  return new Promise((settle) => {
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => settle(page);
      page.postMessage({ type: "whose", tag }, [port2]);
    }
    setTimeout(() => settle(likely), action === "" ? WINDOW_PATIENCE_MS : PATIENCE_MS);
  });
}
