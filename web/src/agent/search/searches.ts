import { timers } from "../../door/link";
import type { Work } from "../work";
import { Search } from "./search";

const searches = new WeakMap<Work, Search>();

/** The search over this agent's work: the same one each time, so that what was found is still there when one comes back. */
export function searchOf(work: Work): Search {
  const known = searches.get(work);
  if (known) return known;
  const { agent } = work;
  const search = new Search({
    loaded: () => [...agent.offers.map((each) => each.case), ...agent.desk.map((each) => each.case), ...agent.watching.flatMap((line) => line.cases)],
    ask: (text) => agent.searchCases(text, { limit: 50 }),
    after: (ms, action) => timers.after(ms, action),
  });
  searches.set(work, search);
  return search;
}
