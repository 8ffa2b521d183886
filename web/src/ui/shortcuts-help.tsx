import type { JSX } from "preact";
import { Sheet } from "./dialog";
import { Check } from "./fields";
import { shortcutsOn } from "./preferences";
import type { Shortcuts } from "./shortcuts";
import { t } from "./texts";

/** What `?` shows: every shortcut in force, and the switch. */
export function ShortcutsHelp({ shortcuts, onClose }: { shortcuts: Shortcuts; onClose: () => void }): JSX.Element {
  return (
    <Sheet title={t.shortcuts} onClose={onClose} testid="shortcuts">
      <Check label={t.shortcutsOn} value={shortcutsOn.value} testid="shortcuts-on" onChange={(isOn) => (shortcutsOn.value = isOn)} />
      {!shortcutsOn.value && <p class="soft">{t.shortcutsAreOff}</p>}
      <dl class="keys">
        {shortcuts.all.map(({ name, keys }) => [
          <dt key={`${name} keys`}>{shown(keys).map((key) => [<kbd key={key}>{key}</kbd>, " "])}</dt>,
          <dd key={name}>{t.shortcutNames[name]}</dd>,
        ])}
      </dl>
    </Sheet>
  );
}

function shown(keys: string): readonly string[] {
  return keys === "Alt+1" ? ["Alt", "1…9"] : keys.split("+");
}
