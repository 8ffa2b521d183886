import type { Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export interface Tab {
  key: string;
  label: ComponentChildren;
}

interface TabsProps {
  /** What the tabs choose between, in a word. */
  name: string;
  tabs: readonly Tab[];
  chosen: Signal<string>;
  /** Draws the chosen tab's panel. */
  children: (key: string) => ComponentChildren;
}

/** One of several panels. Arrows go from tab to tab, Tab goes into the panel. A choice that is gone falls back to the first. */
export function Tabs({ name, tabs, chosen, children }: TabsProps): JSX.Element {
  const id = useId();
  const at = Math.max(0, tabs.findIndex(({ key }) => key === chosen.value));
  function move(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
    const forward = getComputedStyle(event.currentTarget).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const step = event.key === forward ? 1 : event.key === "ArrowLeft" || event.key === "ArrowRight" ? -1 : 0;
    const to = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step ? (at + step + tabs.length) % tabs.length : at;
    if (to === at) return;
    event.preventDefault();
    chosen.value = tabs[to]!.key;
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  }
  const shown = tabs[at];
  return (
    <>
      <div class="tabs" role="tablist" aria-label={name} onKeyDown={move}>
        {tabs.map(({ key, label }, index) => (
          <button type="button" class="tab" role="tab" key={key} id={`${id}-${key}`} aria-selected={index === at} aria-controls={index === at ? `${id}-panel` : undefined}
            tabIndex={index === at ? 0 : -1} data-testid="tab" data-tab={key} onClick={() => (chosen.value = key)}>
            {label}
          </button>
        ))}
      </div>
      {shown && <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${shown.key}`}>{children(shown.key)}</div>}
    </>
  );
}
