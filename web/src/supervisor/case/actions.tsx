import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { CodeDialog, Dialog } from "../../ui/dialog";
import { plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { act } from "../act";
import { CompleteDialog } from "../agent/complete";
import { Reassign } from "../agent/reassign";
import { TransferDialog } from "../agent/transfer";
import { useDashboard } from "../dashboard";
import { useNames } from "./names";
import { PriorityField } from "./priority";
import { type Reasons, useReasons } from "./reasons";

type Asked = "assign" | "return" | "complete" | "transfer" | "cancel" | "revoke" | "priority";

const OWNED: ReadonlySet<string> = new Set(["active", "parked", "wrapping"]);

/** Everything that can be done with a case in the state it is in; what takes it from somebody asks first. */
export function CaseActions({ one }: { one: Case }): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const asked = useSignal<Asked | null>(null);
  const subject = plain(one.card?.subject ?? one.case);
  const reasons = useReasons(one.channel); // here, so that they are there when a question is asked
  const isOwned = OWNED.has(one.state);
  const isLive = isOwned || one.state === "waiting" || one.state === "offered";
  const ask = (what: Asked) => (): void => void (asked.value = what);
  return (
    <div class="actions" role="toolbar" aria-label={f.caseActions(subject)}>
      {isLive && <Button testid="assign" onPress={ask("assign")}>{one.state === "waiting" ? w.assign : f.reassign}</Button>}
      {one.state === "parked" && <Button testid="resume" onPress={() => act(notices, f.resumeCase, () => supervisor.resume(one), f.resumed(subject))}>{f.resumeCase}</Button>}
      {one.state === "offered" && <Button testid="revoke" onPress={ask("revoke")}>{f.revokeOffer}</Button>}
      {isOwned && <Button testid="return" onPress={ask("return")}>{f.returnCase}</Button>}
      {isOwned && <Button testid="complete" onPress={ask("complete")}>{f.completeCase}</Button>}
      {isLive && <Button testid="transfer" onPress={ask("transfer")}>{f.transferCase}</Button>}
      {isLive && <Button testid="priority" onPress={ask("priority")}>{w.changePriority}</Button>}
      {one.state === "closed" && <Button testid="reopen" onPress={() => act(notices, w.reopen, () => supervisor.reopen(one), w.reopened(subject))}>{w.reopen}</Button>}
      {isLive && <Button kind="danger" testid="cancel" onPress={ask("cancel")}>{f.cancelCase}</Button>}
      {asked.value && <Question asked={asked.value} one={one} subject={subject} reasons={reasons} onClose={() => (asked.value = null)} />}
    </div>
  );
}

const CANCEL_REASONS = ["duplicate", "no longer needed", "created by mistake"] as const;
const RETURN_REASONS = ["handover", "wrong skills", "other work first"] as const;
const REVOKE_REASONS = ["for somebody else", "not urgent"] as const;

interface QuestionProps {
  asked: Asked;
  one: Case;
  subject: string;
  reasons: Reasons;
  onClose: () => void;
}

function Question({ asked, one, subject, reasons, onClose }: QuestionProps): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const nameOf = useNames();
  const holder = one.agent ? nameOf(one.agent) : "";
  const told = holder ? <p>{f.takenFrom(holder)}</p> : null;
  const common = { one, holder, onClose };
  switch (asked) {
    case "assign":
      return <Reassign {...common} />;
    case "transfer":
      return <TransferDialog {...common} />;
    case "complete":
      return <CompleteDialog {...common} dispositions={reasons.dispositions} />;
    case "priority":
      return <PriorityDialog one={one} subject={subject} onClose={onClose} />;
    case "return":
      return (
        <CodeDialog title={f.returnTitle(subject)} confirm={f.confirmReturn} codes={reasons.return_reasons.length > 0 ? reasons.return_reasons : RETURN_REASONS} onClose={onClose}
          onConfirm={(reason) => void act(notices, f.confirmReturn, () => supervisor.return(one, reason), f.returned(subject))}>{told}</CodeDialog>
      );
    case "revoke":
      return (
        <CodeDialog title={f.revokeTitle(subject)} confirm={f.confirmRevoke} codes={REVOKE_REASONS} onClose={onClose}
          onConfirm={(reason) => void act(notices, f.confirmRevoke, () => supervisor.revoke(one, reason), f.revoked(subject))}>{told}</CodeDialog>
      );
    case "cancel":
      return (
        <CodeDialog title={f.cancelTitle(subject)} confirm={f.confirmCancel} isDangerous codes={CANCEL_REASONS} onClose={onClose}
          onConfirm={(reason) => void act(notices, f.confirmCancel, () => supervisor.cancel(one, reason), f.cancelled(subject))}>{told}</CodeDialog>
      );
  }
}

function PriorityDialog({ one, subject, onClose }: Omit<QuestionProps, "asked" | "reasons">): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const value = useSignal(String(one.priority));
  const confirm = (): void => {
    const priority = Number(value.value);
    void act(notices, w.changePriority, () => supervisor.update(one, { priority }), w.prioritySet(subject, priority));
  };
  return <Dialog title={w.priorityTitle} confirm={w.setPriority} onClose={onClose} onConfirm={confirm}><PriorityField value={value} /></Dialog>;
}
