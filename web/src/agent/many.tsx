import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { CasebatonError } from "../sdk/index";
import type { OwnedCase, Place, Results, CaseBrief } from "../sdk/index";
import { Button } from "../ui/button";
import { CodeDialog } from "../ui/dialog";
import { Choices } from "../ui/fields";
import { codes, t } from "../ui/texts";
import { c } from "../ui/texts/case";
import { codesFor } from "./channels";
import type { Work } from "./work";

interface ManyProps {
  work: Work;
  picked: readonly OwnedCase[];
  onDone: () => void;
}

/** The same for several cases at once; each has its own outcome. */
export function Many({ work, picked, onDone }: ManyProps): JSX.Element {
  const isReturning = useSignal(false);
  const place = useSignal<Place>("keep");
  const channels = new Set(picked.map(({ case: { channel } }) => channel));
  const reasons = channels.size === 1 ? codesFor(work.snapshot.value, [...channels][0]!, "return_reasons") : [];
  async function report(results: Promise<Results<CaseBrief>>, says: (done: number) => string): Promise<void> {
    const cases = picked.map((owned) => owned.case);
    const found = await results;
    for (const [at, result] of found.entries()) if (result instanceof CasebatonError) await work.complain(result, cases[at]);
    const done = found.filter((result) => !(result instanceof CasebatonError)).length;
    if (done > 0) work.notices.add(says(done));
    onDone();
  }
  return (
    <div class="many" role="group" aria-label={c.picked(picked.length)} data-testid="many">
      <b>{c.picked(picked.length)}</b>
      <Button testid="complete-all" busyText={c.completing} onPress={() => report(work.agent.completeAll(picked), c.completedMany)}>{c.complete}</Button>
      <Button testid="return-all" onPress={() => void (isReturning.value = true)}>{c.return}</Button>
      <Button kind="quiet" testid="pick-none" onPress={onDone}>{t.cancel}</Button>
      {isReturning.value && (
        <CodeDialog title={c.returnMany(picked.length)} confirm={c.return} codes={reasons} onClose={() => (isReturning.value = false)}
          onConfirm={(reason) => void report(work.agent.returnAll(picked, reason, place.value), c.returnedMany)}>
          <Choices legend={c.placeInLine} name="place" value={place.value} options={PLACES} onChange={(chosen) => (place.value = chosen)} />
        </CodeDialog>
      )}
    </div>
  );
}

export const PLACES = Object.entries(codes.places) as unknown as readonly (readonly [Place, string])[];
