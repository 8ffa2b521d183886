import type { Fault } from "./period";

/** From what to what staffing is reckoned, in the units of its fields: percent, seconds, cases. The server's limits. */
export const WISHES = { goal: [1, 99.9], within: [0.1, 2_592_000], at_once: [1, 1_000] } as const;

export type Wish = keyof typeof WISHES;

/** The first wish that cannot be reckoned with; what is no number is no wish. */
export function wishFault(wishes: Readonly<Record<Wish, string>>): Fault | null {
  for (const what of Object.keys(WISHES) as Wish[]) {
    const [text, [least, most]] = [wishes[what], WISHES[what]];
    const value = Number(text);
    if (text !== "" && Number.isFinite(value) && (value < least || value > most)) return { what, text };
  }
  return null;
}
