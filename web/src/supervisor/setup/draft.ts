import { type Signal, signal } from "@preact/signals";
import type { Config } from "../../sdk/index.ts";

/** A document that somebody is changing: kept while other screens are looked at, and no longer than the page. */
export interface Draft {
  /** The version that it began from. */
  version: number;
  text: string;
}

export const draft: Signal<Draft | null> = signal(null);

export function beginDraft({ version, document }: Config): void {
  draft.value = { version, text: JSON.stringify(document, null, 2) };
}
