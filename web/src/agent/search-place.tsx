import type { JSX } from "preact";
import { SearchView } from "./search/search-view";
import { searchOf } from "./search/searches";
import type { Work } from "./work";

/** The search, whose finds open in the middle. */
export function SearchPlace({ work }: { work: Work }): JSX.Element {
  return <SearchView work={work} search={searchOf(work)} onOpen={(one) => work.choice.look(one.case)} />;
}
