import type { JSX } from "preact";
import { Button } from "../ui/button";
import { Sheet } from "../ui/dialog";
import { t } from "../ui/texts";
import { c } from "../ui/texts/case";
import { channelsOf } from "./channels";
import { leaveOffline, mayGoOffline, onceOffline } from "./leaving";
import type { Work } from "./work";

interface LeavingDialogProps {
  work: Work;
  onLeave: () => void;
  onClose: () => void;
}

/** Asked before a sign-out with cases in hand: in which status, and what becomes of them. */
export function LeavingDialog({ work, onLeave, onClose }: LeavingDialogProps): JSX.Element {
  const desk = work.desk.value.map((owned) => work.caseOf(owned).value);
  const { back, stay } = onceOffline(desk, channelsOf(work.snapshot.value));
  const isOn = mayGoOffline(work.status.value, work.link.state.value);
  return (
    <Sheet title={c.youHave(desk.length)} onClose={onClose} testid="leaving">
      {(isOn || back === 0) && <p data-testid="leaving-says">{c.onceOffline(back, stay)}</p>}
      <div class="actions">
        {isOn && <Button kind="act" testid="leave-offline" onPress={() => leaveOffline(work, onLeave)}>{c.offlineAndOut}</Button>}
        <Button kind={isOn ? "plain" : "act"} testid="leave" onPress={onLeave}>{t.signOut}</Button>
        <Button kind="quiet" testid="leave-not" onPress={onClose}>{c.stayHere}</Button>
      </div>
    </Sheet>
  );
}
