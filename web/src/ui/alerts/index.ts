import { signal } from "@preact/signals";
import { sound, volume } from "../preferences";
import { t } from "../texts";
import { showBadge } from "./badge";
import { Bell } from "./bell";
import { closeNotification, notify } from "./notification";
import { Ringing } from "./ringing";
import { Tabs } from "./tabs";

const BUZZ_MS = [200, 100, 200];

function vibrate(): void {
  // Before the first touch browsers refuse, and say so in the console.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
}

export interface Alerts {
  ringing: Ringing;
  bell: Bell;
  tabs: Tabs;
  close(): void;
}

/** Everything by which offers make themselves heard. `who`: workspace, role and subject; `title`: the page's own. */
export function openAlerts(who: string, title: string = t.appName): Alerts {
  const bell = new Bell();
  const tabs = new Tabs(who);
  const isHidden = signal(document.hidden);
  const stopped = new AbortController();
  document.addEventListener("visibilitychange", () => (isHidden.value = document.hidden), { signal: stopped.signal });
  const ringing = new Ringing({
    bell,
    tabs,
    notify,
    close: closeNotification,
    badge: (count) => showBadge(count, t.offersInTitle(count), title),
    vibrate,
    sound: () => sound.value,
    volume: () => volume.peek(),
    isHidden: () => isHidden.value,
  });
  return {
    ringing,
    bell,
    tabs,
    close() {
      stopped.abort();
      ringing.close();
      tabs.close();
    },
  };
}
