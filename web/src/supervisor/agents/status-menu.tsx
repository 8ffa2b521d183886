import type { JSX } from "preact";
import { Menu, MenuItem, MenuRule } from "../../ui/menu";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { useDashboard } from "../dashboard";

const BUILT_IN = ["online", "busy", "offline"] as const;

interface StatusMenuProps {
  /** Of which team who gets it is; null: of several. */
  team: string | null;
  /** The present one, where there is one. */
  status?: string;
  onChoose: (status: string) => void;
}

/** The statuses that a supervisor may give. */
export function StatusMenu({ team, status, onChoose }: StatusMenuProps): JSX.Element {
  const configured = Object.entries(useDashboard().configuration.rules?.statuses ?? {})
    .filter(([, { teams }]) => team === null || !teams?.length || teams.includes(team))
    .map(([name]) => name)
    .sort((one, other) => one.localeCompare(other));
  const item = (each: string): JSX.Element => (
    <MenuItem key={each} checked={each === status} testid={`set-${each}`} onPress={() => onChoose(each)}>{word(codes.statuses, each)}</MenuItem>
  );
  return (
    <Menu label={f.setStatus} testid="set-status">
      {BUILT_IN.map(item)}
      {configured.length > 0 && <MenuRule />}
      {configured.map(item)}
    </Menu>
  );
}
