import { CasebatonError } from "./errors.ts";

const AT_ONCE = 8;

/** What became of each item: what its command answered, or why it did not. */
export type Results<T> = (T | CasebatonError)[];

/** Run a command per item, a few at once; one that is refused harms no other. The results are in the items' order. */
export async function each<Item, T>(items: readonly Item[], command: (item: Item) => Promise<T>): Promise<Results<T>> {
  const results: Results<T> = new Array(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await command(items[index]!).catch(known);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  return results;
}

function known(error: unknown): CasebatonError {
  if (error instanceof CasebatonError) return error;
  throw error;
}
