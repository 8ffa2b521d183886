import { notificationsOn } from "../preferences";
import { t } from "../texts";
import { serviceWorker } from "../trusted";

/** What a notification says, and of which offer. */
export interface Note {
  /** Names the offer: a case and its baton. One notification per tag. */
  tag: string;
  title: string;
  body: string;
}

/** What the service worker sends to a page when somebody pressed in a notification. */
export interface Pressed {
  type: "notification";
  tag: string;
  /** "accept", "decline", or "" for a press on the notification itself. */
  action: string;
}

export type Permission = "granted" | "denied" | "default" | "unsupported";

export function permission(): Permission {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/** Ask for them; only from a press. Answers whether they are allowed. */
export async function askForNotifications(): Promise<boolean> {
  if (permission() === "unsupported") return false;
  const isAllowed = (await Notification.requestPermission()) === "granted";
  notificationsOn.value = isAllowed;
  return isAllowed;
}

// Buttons in notifications are not in the DOM's types.
type Options = NotificationOptions & { renotify: boolean; actions: readonly { action: string; title: string }[] };

// One change after the other: an offer that goes while its notification is being shown takes it along.
let last: Promise<void> = Promise.resolve();

function inTurn(act: () => Promise<void>): Promise<void> {
  const next = last.then(act);
  last = next.catch(() => {}); // told to whoever asked for it
  return next;
}

/** Show it, with Accept and Decline; one with the same tag gives way. Without consent or service worker: nothing. */
export async function notify({ tag, title, body }: Note): Promise<void> {
  if (!notificationsOn.value || permission() !== "granted") return;
  const options: Options = {
    tag,
    body,
    icon: "/icon-192.png",
    badge: "/icon-192.png",
    renotify: true,
    requireInteraction: true,
    lang: document.documentElement.lang,
    data: { path: location.pathname },
    actions: [
      { action: "accept", title: t.accept },
      { action: "decline", title: t.decline },
    ],
  };
  await inTurn(async () => (await serviceWorker())?.showNotification(title, options));
}

/** Close the notifications of offers that are no longer there. */
export async function closeNotification(tag: string): Promise<void> {
  if (permission() !== "granted") return;
  await inTurn(async () => {
    for (const shown of (await (await serviceWorker())?.getNotifications({ tag })) ?? []) shown.close();
  });
}

/** The service worker's question before that, with a port to answer on by whoever has the offer. */
interface Whose {
  type: "whose";
  tag: string;
}

/** Hear what is pressed in notifications of the offers that this page has; the result ends it. */
export function onPressed(has: (tag: string) => boolean, hear: (pressed: Pressed) => void): () => void {
  if (!("serviceWorker" in navigator)) return () => {};
  const take = ({ data, ports }: MessageEvent<Pressed | Whose>): void => {
    if (data?.type === "notification") hear(data);
    else if (data?.type === "whose" && has(data.tag)) ports[0]?.postMessage(true);
  };
  navigator.serviceWorker.addEventListener("message", take);
  navigator.serviceWorker.startMessages();
  return () => navigator.serviceWorker.removeEventListener("message", take);
}
