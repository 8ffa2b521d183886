import type { JSX } from "preact";
import type { Case, ChannelSummary } from "../../sdk/index.ts";
import { CodeDialog } from "../../ui/dialog";
import { plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { CompleteDialog } from "./complete";
import { Reassign } from "./reassign";
import { TransferDialog } from "./transfer";

export type Question = "reassign" | "return" | "complete" | "transfer" | "cancel" | "revoke";

/** What is asked about which case, as it was seen then: when it has moved on meanwhile, the answer is refused. */
export interface Asked {
  what: Question;
  one: Case;
  /** Its channel, where that is known: its codes are offered. */
  channel: ChannelSummary | undefined;
}

interface CaseDialogProps {
  asked: Asked;
  /** Who has it, for sentences. */
  holder: string;
  onClose: () => void;
}

const RETURN_REASONS = ["handover", "wrong skills", "other work first"] as const;
const CANCEL_REASONS = ["duplicate", "no longer needed", "created by mistake"] as const;
const REVOKE_REASONS = ["for somebody else", "not urgent"] as const;

/** Asks before a case is taken from somebody, and how. */
export function CaseDialog({ asked: { what, one, channel }, holder, onClose }: CaseDialogProps): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const subject = plain(one.card?.subject ?? one.case);
  const told = <p>{f.takenFrom(holder)}</p>;
  switch (what) {
    case "reassign":
      return <Reassign one={one} holder={holder} onClose={onClose} />;
    case "transfer":
      return <TransferDialog one={one} holder={holder} onClose={onClose} />;
    case "complete":
      return <CompleteDialog one={one} holder={holder} dispositions={channel?.dispositions ?? []} onClose={onClose} />;
    case "return":
      return (
        <CodeDialog title={f.returnTitle(subject)} confirm={f.confirmReturn} codes={channel?.return_reasons ?? RETURN_REASONS} onClose={onClose}
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
