import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CasebatonError } from "../sdk/index";

/** Something that is read once a part of the page is looked at, and anew when it may have changed. */
export interface Reading<Answer> {
  /** Undefined until it is there. */
  answer: Signal<Answer | undefined>;
  /** Why it could not be had. */
  failure: Signal<CasebatonError | null>;
  /** Read it again. */
  again: () => Promise<void>;
}

/** Read with `read` now, and again whenever `of` is another. An answer that comes after a later question is dropped. */
export function useReading<Answer>(read: () => Promise<Answer>, of: unknown): Reading<Answer> {
  const answer = useSignal<Answer | undefined>(undefined);
  const failure = useSignal<CasebatonError | null>(null);
  const turn = useSignal(0);
  async function again(): Promise<void> {
    const mine = ++turn.value;
    try {
      const found = await read();
      if (mine !== turn.peek()) return;
      answer.value = found;
      failure.value = null;
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      if (mine === turn.peek()) failure.value = error;
    }
  }
  useEffect(() => {
    void again();
    return () => void turn.value++;
  }, [of]);
  return { answer, failure, again };
}
