import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { CodeField, Dialog } from "../../ui/dialog";
import { Select } from "../../ui/fields";
import { plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { useDashboard } from "../dashboard";

interface CompleteDialogProps {
  one: Case;
  holder: string;
  dispositions: readonly string[];
  onClose: () => void;
}

/** With which outcome? */
export function CompleteDialog({ one, holder, dispositions, onClose }: CompleteDialogProps): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const chosen = useSignal("");
  const subject = plain(one.card?.subject ?? one.case);
  const confirm = (): void => void act(notices, f.confirmComplete, () => supervisor.complete(one, chosen.value.trim() || undefined), f.completed(subject));
  return (
    <Dialog title={f.completeTitle(subject)} confirm={f.confirmComplete} onClose={onClose} onConfirm={confirm}>
      {dispositions.length > 0 ? (
        <Select label={f.dispositions} value={chosen.value} testid="disposition" onChange={(value) => (chosen.value = value)}>
          <option value="">{f.noDisposition}</option>
          {dispositions.map((code) => <option value={code} key={code}>{code}</option>)}
        </Select>
      ) : (
        <CodeField label={f.dispositions} value={chosen.value} testid="disposition" onInput={(text) => (chosen.value = text)} />
      )}
      <p>{f.takenFrom(holder)}</p>
    </Dialog>
  );
}
