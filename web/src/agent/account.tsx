import type { JSX } from "preact";
import { MenuItem } from "../ui/menu";
import { ShortcutsHelp } from "../ui/shortcuts-help";
import type { Shortcuts } from "../ui/shortcuts";
import { t } from "../ui/texts";
import { FlagDialog, FlagItem } from "./flag";
import { PreferencesSheet } from "./preferences";
import type { Work } from "./work";

/** What the account's menu holds: also what a phone's header has no room for. */
export function AccountItems({ work, onSignOut }: { work: Work; onSignOut: () => void }): JSX.Element {
  const { sheet } = work;
  return (
    <>
      <FlagItem work={work} />
      <MenuItem testid="preferences" onPress={() => (sheet.value = "preferences")}>{t.preferences}</MenuItem>
      <MenuItem testid="help" end={<kbd>?</kbd>} onPress={() => (sheet.value = "keys")}>{t.shortcuts}</MenuItem>
      <MenuItem testid="sign-out" onPress={onSignOut}>{t.signOut}</MenuItem>
    </>
  );
}

/** What was opened over the page. */
export function Sheets({ work, keys }: { work: Work; keys: Shortcuts }): JSX.Element | null {
  const close = (): void => void (work.sheet.value = null);
  switch (work.sheet.value) {
    case "flag":
      return <FlagDialog work={work} onClose={close} />;
    case "preferences":
      return <PreferencesSheet work={work} onClose={close} />;
    case "keys":
      return <ShortcutsHelp shortcuts={keys} onClose={close} />;
    default:
      return null;
  }
}
