import { tagOf } from "./answers";
import type { Work } from "./work";

const LONG_MS = 5 * 60_000;

/** Where there is little room, offers that ring for long stand in one line once something else is pressed; the result ends that. */
export function foldAside(work: Work): () => void {
  const turnTo = ({ target }: Event): void => {
    if (target instanceof Element && target.closest(".lists, .middle")) foldLong(work);
  };
  document.addEventListener("click", turnTo);
  return () => document.removeEventListener("click", turnTo);
}

/** Fold the offers with more than five minutes left, and forget those that are gone. */
export function foldLong(work: Pick<Work, "agent" | "folded">): void {
  const { folded, agent } = work;
  const before = folded.peek();
  const now = new Map<string, boolean>();
  for (const offer of agent.offers) {
    const [tag, isLong] = [tagOf(offer), offer.remainingMs() > LONG_MS];
    if (isLong || before.has(tag)) now.set(tag, isLong || before.get(tag)!);
  }
  if (now.size !== before.size || [...now].some(([tag, isFolded]) => before.get(tag) !== isFolded)) folded.value = now;
}
