import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { askForNotifications, permission } from "../ui/alerts/notification";
import { Button } from "../ui/button";
import { Sheet } from "../ui/dialog";
import { Check } from "../ui/fields";
import { canInstall, install } from "../ui/install";
import { keepsAwake, notificationsOn, opensRecord, shortcutsOn, volume } from "../ui/preferences";
import { LookForm, SoundForm } from "../ui/preferences-form";
import { t } from "../ui/texts";
import { v } from "../ui/texts/views";
import { canKeepAwake } from "./awake";
import type { Work } from "./work";

/** What the agent likes on this device: looks, sound, notifications, keys. Each choice holds at once. */
export function PreferencesSheet({ work, onClose }: { work: Work; onClose: () => void }): JSX.Element {
  // Once only: a sound that goes on is for offers.
  async function play(): Promise<void> {
    const bell = work.alerts.value?.bell;
    await bell?.unlock();
    bell?.ring(() => volume.value, false);
  }
  return (
    <Sheet title={t.preferences} onClose={onClose} testid="preferences-sheet">
      <LookForm />
      <SoundForm actions={<Button testid="play-sound" onPress={play}>{t.testSound}</Button>} />
      <Notifications />
      <Check label={t.opensRecord} value={opensRecord.value} testid="opens-record" onChange={(isOn) => (opensRecord.value = isOn)} />
      {canKeepAwake() && <Check label={v.keepsAwake} value={keepsAwake.value} testid="keeps-awake" onChange={(isOn) => (keepsAwake.value = isOn)} />}
      <Check label={t.shortcutsOn} value={shortcutsOn.value} testid="shortcuts-on" onChange={(isOn) => (shortcutsOn.value = isOn)} />
      {canInstall() && <div class="actions"><Button testid="install" onPress={install}>{t.install}</Button></div>}
    </Sheet>
  );
}

/** Asked for by a press, never by itself. What the browser refused, only its own settings give back. */
function Notifications(): JSX.Element | null {
  const allowed = useSignal(permission());
  async function change(isOn: boolean): Promise<void> {
    if (!isOn) notificationsOn.value = false;
    else await askForNotifications();
    allowed.value = permission();
  }
  if (allowed.value === "unsupported") return null;
  return (
    <div>
      <Check label={t.notifications} value={notificationsOn.value && allowed.value === "granted"} testid="notifications-on" onChange={(isOn) => void change(isOn)} />
      {allowed.value === "denied" && <p class="soft" role="status">{t.notificationsRefused}</p>}
    </div>
  );
}
