import { type Signal, signal } from "@preact/signals";

/** A document that somebody is changing, as TOML: kept while other screens are looked at, and no longer than the page. */
export interface Draft {
  /** The version that it began from. */
  version: number;
  text: string;
}

export const draft: Signal<Draft | null> = signal(null);
