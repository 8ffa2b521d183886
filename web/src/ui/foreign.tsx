import type { JSX } from "preact";

// Controls, overrides of writing direction and characters without width: they only serve to make text lie.
const DECEPTIVE = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
// In texts of several lines, such as notes, these two are no deceit.
const DECEPTIVE_IN_LINES = new RegExp(DECEPTIVE.source.replace("\\u0000-\\u001f", "\\u0000-\\u0008\\u000b-\\u001f"), "g");

/** Somebody else's text with its deceptive characters made visible. */
export function plain(text: string): string {
  return text.replace(DECEPTIVE, "\ufffd");
}

/** The same of a text that may have lines. */
export function plainLines(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(DECEPTIVE_IN_LINES, "\ufffd");
}

interface ForeignProps {
  text: string;
  class?: string;
  testid?: string;
}

/** Text that somebody else wrote: set apart, so that its direction cannot reorder what stands around it. */
export function Foreign({ text, class: name, testid }: ForeignProps): JSX.Element {
  return <bdi class={name ? `foreign ${name}` : "foreign"} data-testid={testid}>{plain(text)}</bdi>;
}

/** The address of a case's record, if it is one that a browser should open. */
export function recordUrl(url: string | undefined): URL | null {
  if (!url || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed : null;
}
