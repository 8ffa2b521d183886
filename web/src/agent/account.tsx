import type { JSX } from "preact";
import { MenuItem } from "../ui/menu";
import { ShortcutsHelp } from "../ui/shortcuts-help";
import type { Shortcuts } from "../ui/shortcuts";
import { t } from "../ui/texts";
import { c } from "../ui/texts/case";
import { FlagDialog, FlagItem } from "./flag";
import { mayGoOffline, signOut } from "./leaving";
import { LeavingDialog } from "./leaving-dialog";
import { PreferencesSheet } from "./preferences";
import type { Work } from "./work";

/** What the account's menu holds: also what a phone's header has no room for. */
export function AccountItems({ work, onSignOut }: { work: Work; onSignOut: () => void }): JSX.Element {
  const { sheet } = work;
  const asks = work.desk.value.length > 0;
  const isOn = mayGoOffline(work.status.value, work.link.state.value);
  return (
    <>
      <FlagItem work={work} />
      <MenuItem testid="preferences" onPress={() => (sheet.value = "preferences")}>{t.preferences}</MenuItem>
      <MenuItem testid="help" end={<kbd>?</kbd>} onPress={() => (sheet.value = "keys")}>{t.shortcuts}</MenuItem>
      <MenuItem testid="sign-out" onPress={() => void signOut(work, onSignOut)}>{asks ? c.signOutAsking : isOn ? c.offlineAndOut : t.signOut}</MenuItem>
    </>
  );
}

/** What was opened over the page. */
export function Sheets({ work, keys, onSignOut }: { work: Work; keys: Shortcuts; onSignOut: () => void }): JSX.Element | null {
  const close = (): void => void (work.sheet.value = null);
  switch (work.sheet.value) {
    case "flag":
      return <FlagDialog work={work} onClose={close} />;
    case "preferences":
      return <PreferencesSheet work={work} onClose={close} />;
    case "keys":
      return <ShortcutsHelp shortcuts={keys} onClose={close} />;
    case "leaving":
      return <LeavingDialog work={work} onLeave={onSignOut} onClose={close} />;
    default:
      return null;
  }
}
