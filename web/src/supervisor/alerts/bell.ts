import type { Alert } from "../../sdk/index.ts";
import { Bell } from "../../ui/alerts/bell";
import { permission } from "../../ui/alerts/notification";
import { announce } from "../../ui/announcer";
import { notificationsOn, preference, volume } from "../../ui/preferences";
import { serviceWorker } from "../../ui/trusted";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { alertWords } from "./words";

const QUIET_MS = 5_000; // what comes at once rings once

export const alertSound = preference<boolean>("alert_sound", false, (text) => text === "true");

/** How alerts make themselves heard: read out, and by consent with a sound and a notification. */
export class AlertBell {
  readonly #bell = new Bell();
  #lastMs = -Infinity;

  /** From a press: browsers keep a page silent before it. */
  async switchSound(isOn: boolean): Promise<void> {
    alertSound.value = isOn;
    if (!isOn) return;
    await this.#bell.unlock();
    this.#bell.ring(() => volume.peek(), false);
  }

  tell(alert: Alert): void {
    const text = `${alertWords(alert, undefined)}${alert.queue ? ` ${w.aboutQueue(alert.queue)}` : ""}`;
    announce(text);
    const nowMs = performance.now();
    if (nowMs - this.#lastMs < QUIET_MS) return;
    this.#lastMs = nowMs;
    if (alertSound.peek()) this.#bell.ring(() => volume.peek(), false);
    // Only where nobody looks: in sight the page itself says it.
    if (document.hidden) void this.#notify(alert.id, text);
  }

  async #notify(tag: string, body: string): Promise<void> {
    if (!notificationsOn.peek() || permission() !== "granted") return;
    const options = { tag, body, icon: "/icon-192.png", badge: "/icon-192.png", lang: document.documentElement.lang, data: { path: location.pathname } };
    await (await serviceWorker())?.showNotification(f.screenNames.alerts, options);
  }
}
