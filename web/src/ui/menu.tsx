import type { ComponentChildren, JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons";

const MARGIN = 8;

/** Where a menu stands: below its button or, without room there, above; never outside the window. */
export function placeMenu(button: DOMRect, menu: { width: number; height: number }, room: { width: number; height: number }, isRtl: boolean): { left: number; top: number } {
  const wanted = isRtl ? button.right - menu.width : button.left;
  const below = button.bottom + 4;
  const top = below + menu.height + MARGIN <= room.height ? below : button.top - 4 - menu.height;
  return { left: Math.max(MARGIN, Math.min(wanted, room.width - menu.width - MARGIN)), top: Math.max(MARGIN, Math.min(top, room.height - menu.height - MARGIN)) };
}

interface MenuProps {
  /** What the button shows. */
  label: ComponentChildren;
  /** The button's word where `label` is only an icon. */
  name?: string;
  class?: string;
  disabled?: boolean;
  testid?: string;
  /** `MenuItem`s and `MenuRule`s. */
  children: ComponentChildren;
}

/** A button and what it offers. Arrows, Home, End and first letters move; Escape and a press elsewhere close. */
export function Menu({ label, name, class: look = "button", disabled, testid, children }: MenuProps): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...menu.current!.querySelectorAll<HTMLElement>(".menu-item:not(:disabled)")];
  function toggled({ newState }: { newState: string }): void {
    const isOpen = newState === "open";
    button.current!.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    const { style } = menu.current!;
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top } = placeMenu(button.current!.getBoundingClientRect(), menu.current!.getBoundingClientRect(), room, getComputedStyle(button.current!).direction === "rtl");
    style.left = `${left}px`;
    style.top = `${top}px`;
    (items().find((item) => item.ariaChecked === "true") ?? items()[0])?.focus();
  }
  function move(event: KeyboardEvent): void {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    let next: HTMLElement | undefined;
    if (event.key === "ArrowDown") next = all[(at + 1) % all.length];
    else if (event.key === "ArrowUp") next = all.at(at <= 0 ? -1 : at - 1);
    else if (event.key === "Home") next = all[0];
    else if (event.key === "End") next = all.at(-1);
    else if (event.key === "Tab") menu.current!.hidePopover();
    else if (event.key.length === 1 && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLocaleLowerCase();
      next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(letter));
    }
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
  return (
    <>
      <button ref={button} type="button" class={look} disabled={disabled} popoverTarget={id} aria-haspopup="menu" aria-expanded="false" aria-label={name} title={name} data-testid={testid}>
        {label}
      </button>
      <div ref={menu} id={id} class="menu" role="menu" popover="auto" onToggle={toggled} onKeyDown={move} onClick={() => menu.current?.hidePopover()}>
        {children}
      </div>
    </>
  );
}

interface MenuItemProps {
  onPress: () => void;
  icon?: IconName;
  /** For one of several that exclude each other. */
  checked?: boolean;
  disabled?: boolean;
  isDangerous?: boolean;
  /** What stands at its end, such as a shortcut. */
  end?: ComponentChildren;
  testid?: string;
  children: ComponentChildren;
}

export function MenuItem({ onPress, icon, checked, disabled, isDangerous, end, testid, children }: MenuItemProps): JSX.Element {
  return (
    <button type="button" class={isDangerous ? "menu-item danger" : "menu-item"} role={checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={checked} tabIndex={-1} disabled={disabled} data-testid={testid} onClick={onPress}>
      {icon && <Icon name={icon} />}
      {children}
      {end && <span class="end">{end}</span>}
    </button>
  );
}

export function MenuRule(): JSX.Element {
  return <div class="menu-rule" role="separator" />;
}
