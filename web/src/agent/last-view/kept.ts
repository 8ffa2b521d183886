import type { Case } from "../../sdk/index";
import { keepView, type LastView, lastView } from "../../ui/last-view";

/** What of an agent's work is kept for when there is no connection. */
export interface KeptWork {
  name: string;
  offers: readonly Case[];
  desk: readonly Case[];
}

// Whose picture it is. A tab shows that of its own session alone: the next person at a shared desk opens another. An
// installed app is somebody's own, and is opened anew each time: there the device remembers it until the sign-out.
const WHO = "casebaton.last_view";
const isInstalled = (): boolean => matchMedia("(display-mode: standalone)").matches;

/** Keep the picture; the sign-out forgets it. `who`: workspace and agent. */
export async function keep(who: string, kept: LastView<KeptWork>): Promise<void> {
  try {
    sessionStorage.setItem(WHO, who);
    if (isInstalled()) localStorage.setItem(WHO, who);
  } catch {
    return; // where nothing may be stored, nothing is kept
  }
  await keepView(who, kept);
}

/** What was kept last; null when there is nothing. */
export async function kept(): Promise<LastView<KeptWork> | null> {
  try {
    const who = sessionStorage.getItem(WHO) ?? (isInstalled() ? localStorage.getItem(WHO) : null);
    return who === null ? null : await lastView<KeptWork>(who);
  } catch {
    return null; // see above
  }
}
