import type { JSX } from "preact";
import { Sheet } from "./dialog";
import { Check } from "./fields";
import { shortcutsOn } from "./preferences";
import type { Shortcut, Shortcuts } from "./shortcuts";
import { t } from "./texts";

/** Keys of one place. */
export interface KeyGroup {
  title: string;
  keys: readonly Pick<Shortcut, "name" | "keys">[];
}

/** What is pressed in every list and table (`grid-keys.ts`). */
const IN_LISTS: KeyGroup["keys"] = [
  { name: "row", keys: "↑ ↓" },
  { name: "ends", keys: "Home End" },
  { name: "open", keys: "Enter" },
  { name: "pick", keys: "Space" },
  { name: "pickAll", keys: "Ctrl+A" },
];

/** What `?` shows: the shortcuts in force, then those of lists and of the page's other screens; and the switch. */
export function ShortcutsHelp({ shortcuts, others = [], onClose }: { shortcuts: Shortcuts; others?: readonly KeyGroup[]; onClose: () => void }): JSX.Element {
  return (
    <Sheet title={t.shortcuts} onClose={onClose} testid="shortcuts">
      <Check label={t.shortcutsOn} value={shortcutsOn.value} testid="shortcuts-on" onChange={(isOn) => (shortcutsOn.value = isOn)} />
      {!shortcutsOn.value && <p class="soft">{t.shortcutsAreOff}</p>}
      {[{ title: t.keysHere, keys: shortcuts.all }, { title: t.keysInLists, keys: IN_LISTS }, ...others].map(({ title, keys: group }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl class="keys">
            {group.map(({ name, keys }) => [
              <dt key={`${name} keys`}>{shown(keys).map((key) => [<kbd key={key}>{key}</kbd>, " "])}</dt>,
              <dd key={name}>{t.shortcutNames[name]}</dd>,
            ])}
          </dl>
        </section>
      ))}
    </Sheet>
  );
}

function shown(keys: string): readonly string[] {
  return keys === "Alt+1" ? ["Alt", "1…9"] : keys.split(/[+ ]/);
}
