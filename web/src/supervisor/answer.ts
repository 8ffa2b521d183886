import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CasebatonError } from "../sdk/index.ts";

/** What was asked for: nothing yet, an answer, or why there is none. The last answer stays until the next one has come. */
export interface Asked<Answer> {
  answer: Answer | null;
  failure: CasebatonError | null;
  again: () => Promise<void>;
}

/** Ask when it is first shown, and anew whenever `of` is another one. What comes too late for that is dropped. */
export function useAnswer<Answer>(ask: () => Promise<Answer>, of: unknown): Asked<Answer> {
  const got = useSignal<{ answer: Answer | null; failure: CasebatonError | null }>({ answer: null, failure: null });
  const turn = useSignal(0);
  async function run(): Promise<void> {
    const mine = ++turn.value;
    try {
      const answer = await ask();
      if (mine === turn.peek()) got.value = { answer, failure: null };
    } catch (failure) {
      if (!(failure instanceof CasebatonError)) throw failure;
      if (mine === turn.peek()) got.value = { answer: got.peek().answer, failure };
    }
  }
  useEffect(() => {
    void run();
    return () => void turn.value++;
  }, [of]);
  return { ...got.value, again: run };
}
