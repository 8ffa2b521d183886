import { type Signal, signal } from "@preact/signals";
import type { Config } from "../../sdk/index.ts";

/** A document that somebody is changing: kept while other screens are looked at, and no longer than the page. */
export interface Draft {
  /** The version that it began from. */
  version: number;
  text: string;
}

export const draft: Signal<Draft | null> = signal(null);

/** One that nothing is changed in yet. */
export function draftOf({ version, document }: Config): Draft {
  return { version, text: JSON.stringify(document, null, 2) };
}
