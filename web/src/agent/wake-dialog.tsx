import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Dialog } from "../ui/dialog";
import { TextField } from "../ui/fields";
import { c } from "../ui/texts/case";
import { now } from "../ui/ticker";
import { asLocal, nextMinute } from "./instants";

interface WakeDialogProps {
  /** What is proposed, ms. */
  atMs: number;
  onClose: () => void;
  onConfirm: (wakeAtMs: number) => void;
}

/** Until when a case shall rest: at least until the next minute begins. */
export function WakeDialog({ atMs, onClose, onConfirm }: WakeDialogProps): JSX.Element {
  const at = useSignal(asLocal(atMs));
  const soonest = nextMinute(now());
  const isPast = at.value !== "" && new Date(at.value).getTime() < soonest;
  return (
    <Dialog title={c.parkUntil} confirm={c.park} onClose={onClose} onConfirm={() => onConfirm(new Date(at.value).getTime())}>
      <TextField label={c.wakeAt} type="datetime-local" value={at.value} isRequired min={asLocal(soonest)} {...(isPast && { wrong: c.wakeIsPast })} testid="park-at" onInput={(text) => (at.value = text)} />
    </Dialog>
  );
}
