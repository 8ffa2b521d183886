import type { Case } from "../sdk/index";

/** The words of what somebody looks for. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Does the case say each of these words, in any of what it shows? */
export function says({ case: id, queue, channel, card }: Pick<Case, "case" | "queue" | "channel" | "card">, words: readonly string[]): boolean {
  const text = [id, queue, channel, card?.subject, card?.customer, card?.place].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}
