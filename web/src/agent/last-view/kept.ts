import type { Case } from "../../sdk/index";
import { keepView, type LastView, lastView } from "../../ui/last-view";

/** What of an agent's work is kept for when there is no connection. */
export interface KeptWork {
  name: string;
  offers: readonly Case[];
  desk: readonly Case[];
}

// Whose picture it is: of this tab's session, or, for an app that is opened anew, of the last one on this device.
const WHO = "casebaton.last_view";

/** Keep the picture; the sign-out forgets it. `who`: workspace and agent. */
export async function keep(who: string, kept: LastView<KeptWork>): Promise<void> {
  try {
    sessionStorage.setItem(WHO, who);
    localStorage.setItem(WHO, who);
  } catch {
    return; // where nothing may be stored, nothing is kept
  }
  await keepView(who, kept);
}

/** What was kept last; null when there is nothing. */
export async function kept(): Promise<LastView<KeptWork> | null> {
  try {
    const who = sessionStorage.getItem(WHO) ?? localStorage.getItem(WHO);
    return who === null ? null : await lastView<KeptWork>(who);
  } catch {
    return null; // see above
  }
}
