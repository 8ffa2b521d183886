import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case, CaseFields } from "../sdk/index";
import { Dialog } from "../ui/dialog";
import { Select, TextField } from "../ui/fields";
import { formatNumber } from "../ui/format";
import { c } from "../ui/texts/case";
import { quoted } from "./words";

interface EditDialogProps {
  one: Case;
  onClose: () => void;
  onConfirm: (fields: CaseFields) => void;
}

/** What the case says of itself. Only what was changed is sent: what others change meanwhile stays. */
export function EditDialog({ one, onClose, onConfirm }: EditDialogProps): JSX.Element {
  const before = { subject: one.card?.subject ?? "", customer: one.card?.customer ?? "", place: one.card?.place ?? "", url: one.card?.url ?? "" };
  const now = useSignal(before);
  const priority = useSignal(String(one.priority));
  function confirm(): void {
    const changed = Object.entries(now.value).filter(([name, text]) => text !== before[name as keyof typeof before]);
    const level = Number(priority.value);
    onConfirm({ ...Object.fromEntries(changed), ...(level !== one.priority && { priority: level }) });
  }
  const field = (name: keyof typeof before) => ({
    label: c.cardFields[name],
    value: now.value[name],
    testid: `edit-${name}`,
    maxLength: name === "url" ? 300 : 200,
    onInput: (text: string) => (now.value = { ...now.value, [name]: text }),
  });
  return (
    <Dialog title={c.editWhich(quoted(one))} confirm={c.save} onClose={onClose} onConfirm={confirm}>
      <TextField {...field("subject")} isRequired />
      <TextField {...field("customer")} />
      <TextField {...field("place")} />
      <TextField {...field("url")} />
      <Select label={c.priority} rule={c.priorityRule} value={priority.value} testid="edit-priority" onChange={(level) => (priority.value = level)}>
        {Array.from({ length: 10 }, (_, level) => <option value={level} key={level}>{formatNumber(level)}</option>)}
      </Select>
    </Dialog>
  );
}
