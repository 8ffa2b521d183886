import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { plain } from "../../ui/foreign";
import { Icon } from "../../ui/icons";
import { Menu, MenuItem, MenuRule } from "../../ui/menu";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import type { Question } from "./case-dialog";

interface CaseMenuProps {
  one: Case;
  /** What takes it away asks first, in a `CaseDialog`. */
  onAsk: (what: Question) => void;
}

/** What a supervisor can do with a case that somebody has. */
export function CaseMenu({ one, onAsk }: CaseMenuProps): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const subject = plain(one.card?.subject ?? one.case);
  const isOffered = one.state === "offered";
  return (
    <Menu label={<Icon name="more" />} name={f.caseActions(subject)} class="button quiet icon" testid="case-menu">
      <MenuItem icon="transfer" testid="reassign" onPress={() => onAsk("reassign")}>{f.reassign}</MenuItem>
      <MenuItem icon="transfer" testid="transfer" onPress={() => onAsk("transfer")}>{f.transferCase}</MenuItem>
      {isOffered && <MenuItem icon="return" testid="revoke" onPress={() => onAsk("revoke")}>{f.revokeOffer}</MenuItem>}
      {!isOffered && <MenuItem icon="return" testid="return" onPress={() => onAsk("return")}>{f.returnCase}</MenuItem>}
      {one.state === "parked" && (
        <MenuItem icon="resume" testid="resume" onPress={() => void act(notices, f.resumeCase, () => supervisor.resume(one), f.resumed(subject))}>{f.resumeCase}</MenuItem>
      )}
      {!isOffered && <MenuItem icon="accept" testid="complete" onPress={() => onAsk("complete")}>{f.completeCase}</MenuItem>}
      <MenuRule />
      <MenuItem icon="close" isDangerous testid="cancel" onPress={() => onAsk("cancel")}>{f.cancelCase}</MenuItem>
    </Menu>
  );
}
