import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Dialog } from "../ui/dialog";
import { TextField } from "../ui/fields";
import { c } from "../ui/texts/case";
import { asLocal } from "./instants";

interface WakeDialogProps {
  /** What is proposed, ms. */
  atMs: number;
  onClose: () => void;
  onConfirm: (wakeAtMs: number) => void;
}

/** Until when a case shall rest. */
export function WakeDialog({ atMs, onClose, onConfirm }: WakeDialogProps): JSX.Element {
  const at = useSignal(asLocal(atMs));
  return (
    <Dialog title={c.parkUntil} confirm={c.park} onClose={onClose} onConfirm={() => onConfirm(new Date(at.value).getTime())}>
      <TextField label={c.wakeAt} type="datetime-local" value={at.value} isRequired testid="park-at" onInput={(text) => (at.value = text)} />
    </Dialog>
  );
}
