import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { Dialog } from "../../ui/dialog";
import { Select } from "../../ui/fields";
import { plain } from "../../ui/foreign";
import { formatNumber } from "../../ui/format";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { useDashboard } from "../dashboard";

/** Into which queue's line? */
export function TransferDialog({ one, holder, onClose }: { one: Case; holder?: string; onClose: () => void }): JSX.Element {
  const { supervisor, notices, floor } = useDashboard();
  const chosen = useSignal("");
  const subject = plain(one.card?.subject ?? one.case);
  const queues = floor.queues.value.map(({ state }) => state.peek()).filter(({ queue, retired }) => queue !== one.queue && !retired).sort((a, b) => a.queue.localeCompare(b.queue));
  const confirm = (): void => void act(notices, f.confirmTransfer, () => supervisor.transfer(one, chosen.value), f.transferred(subject, chosen.value));
  return (
    <Dialog title={f.transferTitle(subject)} confirm={f.confirmTransfer} onClose={onClose} onConfirm={confirm}>
      <Select label={f.queue} value={chosen.value} isRequired testid="transfer-queue" onChange={(value) => (chosen.value = value)}>
        <option value="" />
        {queues.map(({ queue, waiting }) => <option value={queue} key={queue}>{f.queueWaiting(queue, formatNumber(waiting))}</option>)}
      </Select>
      {holder && <p>{f.takenFrom(holder)}</p>}
    </Dialog>
  );
}
