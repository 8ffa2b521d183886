import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { CodeDialog } from "../../ui/dialog";
import { plain } from "../../ui/foreign";
import { Icon } from "../../ui/icons";
import { Menu, MenuItem, MenuRule } from "../../ui/menu";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { CompleteDialog } from "./complete";
import { Reassign } from "./reassign";
import { TransferDialog } from "./transfer";

type Asked = "reassign" | "return" | "complete" | "transfer" | "cancel" | "revoke";

interface CaseMenuProps {
  one: Case;
  /** Who has it, for sentences. */
  holder: string;
  dispositions: readonly string[];
  returnReasons: readonly string[];
}

const RETURN_REASONS = ["handover", "wrong skills", "other work first"] as const;
const CANCEL_REASONS = ["duplicate", "no longer needed", "created by mistake"] as const;
const REVOKE_REASONS = ["for somebody else", "not urgent"] as const;

/** What a supervisor can do with a case that somebody has; what takes it away asks first. */
export function CaseMenu({ one, holder, dispositions, returnReasons }: CaseMenuProps): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const asked = useSignal<Asked | null>(null);
  const subject = plain(one.card?.subject ?? one.case);
  const isOffered = one.state === "offered";
  const ask = (what: Asked) => (): void => void (asked.value = what);
  const close = (): void => void (asked.value = null);
  const told = <p>{f.takenFrom(holder)}</p>;
  return (
    <>
      <Menu label={<Icon name="more" />} name={f.caseActions(subject)} class="button quiet icon" testid="case-menu">
        <MenuItem icon="transfer" testid="reassign" onPress={ask("reassign")}>{f.reassign}</MenuItem>
        <MenuItem icon="transfer" testid="transfer" onPress={ask("transfer")}>{f.transferCase}</MenuItem>
        {isOffered && <MenuItem icon="return" testid="revoke" onPress={ask("revoke")}>{f.revokeOffer}</MenuItem>}
        {!isOffered && <MenuItem icon="return" testid="return" onPress={ask("return")}>{f.returnCase}</MenuItem>}
        {one.state === "parked" && (
          <MenuItem icon="resume" testid="resume" onPress={() => void act(notices, f.resumeCase, () => supervisor.resume(one), f.resumed(subject))}>{f.resumeCase}</MenuItem>
        )}
        {!isOffered && <MenuItem icon="accept" testid="complete" onPress={ask("complete")}>{f.completeCase}</MenuItem>}
        <MenuRule />
        <MenuItem icon="close" isDangerous testid="cancel" onPress={ask("cancel")}>{f.cancelCase}</MenuItem>
      </Menu>
      {asked.value === "reassign" && <Reassign one={one} holder={holder} onClose={close} />}
      {asked.value === "transfer" && <TransferDialog one={one} holder={holder} onClose={close} />}
      {asked.value === "complete" && <CompleteDialog one={one} holder={holder} dispositions={dispositions} onClose={close} />}
      {asked.value === "return" && (
        <CodeDialog title={f.returnTitle(subject)} confirm={f.confirmReturn} codes={returnReasons.length > 0 ? returnReasons : RETURN_REASONS} onClose={close}
          onConfirm={(reason) => void act(notices, f.confirmReturn, () => supervisor.return(one, reason), f.returned(subject))}>{told}</CodeDialog>
      )}
      {asked.value === "revoke" && (
        <CodeDialog title={f.revokeTitle(subject)} confirm={f.confirmRevoke} codes={REVOKE_REASONS} onClose={close}
          onConfirm={(reason) => void act(notices, f.confirmRevoke, () => supervisor.revoke(one, reason), f.revoked(subject))}>{told}</CodeDialog>
      )}
      {asked.value === "cancel" && (
        <CodeDialog title={f.cancelTitle(subject)} confirm={f.confirmCancel} isDangerous codes={CANCEL_REASONS} onClose={close}
          onConfirm={(reason) => void act(notices, f.confirmCancel, () => supervisor.cancel(one, reason), f.cancelled(subject))}>{told}</CodeDialog>
      )}
    </>
  );
}
