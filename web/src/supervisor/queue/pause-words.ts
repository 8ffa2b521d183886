import type { QueueOverview } from "../../sdk/index.ts";
import { plain } from "../../ui/foreign";
import { formatTime } from "../../ui/format";
import { actor } from "../../ui/texts";
import { f } from "../../ui/texts/floor";

/** Why a queue is paused, by whom and since when; nothing of one that is not, or of whose pause nothing is known. */
export function pauseWords({ pause }: Pick<QueueOverview, "pause">): string {
  return pause ? f.pausedBy(plain(pause.reason ?? ""), plain(actor(pause.by)), formatTime(pause.at_ms)) : "";
}

/** The same where there is little room: the reason and the name. */
export function pauseInShort({ pause }: Pick<QueueOverview, "pause">): string {
  return pause ? [pause.reason, pause.by.replace(/^[^:]*:/, "")].filter(Boolean).map((each) => plain(each!)).join(" · ") : "";
}
