import type { JSX } from "preact";
import { CasebatonError } from "../../sdk/index";
import type { Case } from "../../sdk/index";
import { IconButton } from "../../ui/button";
import { Foreign } from "../../ui/foreign";
import { Baton } from "../../ui/marks";
import { t } from "../../ui/texts/basic";
import { v } from "../../ui/texts/views";
import { keyOf, subjectOf } from "./columns";

/** What became of one case of several that were taken at once. */
export interface Taken {
  one: Case;
  /** Null: it is the agent's; otherwise why not. */
  why: string | null;
}

/** The results of `takeAll` in the order of the cases, in words. */
export function takenOf(cases: readonly Case[], results: readonly unknown[], whyNot: (error: CasebatonError) => string): readonly Taken[] {
  return cases.map((one, place) => {
    const result = results[place];
    return { one, why: result instanceof CasebatonError ? whyNot(result) : null };
  });
}

/** How taking several went, until it is put away. What was taken is on the desk; what was not has its reason. */
export function Takes({ taken, onClose }: { taken: readonly Taken[]; onClose: () => void }): JSX.Element {
  return (
    <div class="takes panel" role="status" data-testid="takes">
      <div class="takes-head">
        <h3>{v.takenOf(taken.filter(({ why }) => why === null).length, taken.length)}</h3>
        <IconButton icon="close" label={t.dismiss} testid="takes-close" onPress={onClose} />
      </div>
      <ul>
        {taken.map(({ one, why }) => (
          <li key={keyOf(one)} data-testid="taken" data-case={one.case} data-won={String(why === null)}>
            <Baton meaning={why === null ? "act" : "late"} />
            <span><Foreign text={subjectOf(one)} />: {why ?? `${v.isYours}.`}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
