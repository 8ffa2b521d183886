import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case, Place } from "../sdk/index";
import { CodeDialog } from "../ui/dialog";
import { Choices } from "../ui/fields";
import { c } from "../ui/texts/case";
import { codesFor } from "./channels";
import { PLACES } from "./many";
import { quoted } from "./words";
import type { Work } from "./work";

interface ReturnDialogProps {
  work: Work;
  one: Case;
  onClose: () => void;
  onConfirm: (reason: string, place: Place) => void;
}

/** Back to the line: why, and to which place in it. */
export function ReturnDialog({ work, one, onClose, onConfirm }: ReturnDialogProps): JSX.Element {
  const place = useSignal<Place>("keep");
  return (
    <CodeDialog title={c.returnWhich(quoted(one))} confirm={c.return} codes={codesFor(work.snapshot.value, one.channel, "return_reasons")} onClose={onClose}
      onConfirm={(reason) => onConfirm(reason, place.value)}>
      <Choices legend={c.placeInLine} name="place" value={place.value} options={PLACES} onChange={(chosen) => (place.value = chosen)} />
    </CodeDialog>
  );
}
