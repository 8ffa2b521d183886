import type { ChannelSummary, Snapshot } from "../sdk/index";

/** The channels of the document, by name. A case may be of one that it no longer names. */
export function channelsOf(snapshot: Snapshot | null): Readonly<Record<string, ChannelSummary>> {
  return snapshot?.channels ?? {};
}

type Reasons = "decline_reasons" | "return_reasons" | "dispositions" | "cannot_complete_reasons";

/** The codes to choose from; none: any may be written. */
export function codesFor(snapshot: Snapshot | null, channel: string, which: Reasons): readonly string[] {
  return channelsOf(snapshot)[channel]?.[which] ?? [];
}
