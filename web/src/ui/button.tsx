import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons";

interface ButtonProps {
  /** What the press begins. While the promise is open the button takes no other press. It must handle its own failure. */
  onPress: () => unknown;
  /** `act`: what one came for, one per group. `danger`: takes something from somebody. `quiet`: by the way. */
  kind?: "plain" | "act" | "danger" | "quiet";
  /** At least 48 px high: what a thumb must not miss. */
  big?: boolean;
  /** What stands there while it is busy, such as "Accepting…". */
  busyText?: string;
  /** Stay busy after a success: what was pressed about will go by itself. A promise of `false` says that it failed. */
  once?: boolean;
  disabled?: boolean;
  /** For buttons that stay down. */
  pressed?: boolean;
  title?: string;
  label?: string;
  testid?: string;
  class?: string;
  children?: ComponentChildren;
}

/** A press that is taken once: busy until its outcome is known. Busy keeps the focus, which `disabled` would drop. */
export function Button(props: ButtonProps): JSX.Element {
  const { onPress, kind = "plain", big, busyText, once, disabled, pressed, title, label, testid, class: name = "", children } = props;
  const busy = useSignal(false);
  const there = useRef(true);
  useEffect(() => () => void (there.current = false), []);
  async function press(): Promise<void> {
    if (busy.value) return;
    const outcome = onPress();
    if (!(outcome instanceof Promise)) return;
    busy.value = true;
    let done: unknown = false;
    try {
      done = await outcome;
    } finally {
      if (there.current && !(once && done !== false)) busy.value = false;
    }
  }
  return (
    <button type="button" class={`button ${kind}${big ? " big" : ""} ${name}`} disabled={disabled} aria-disabled={busy.value ? "true" : undefined}
      aria-busy={busy.value ? "true" : undefined} aria-pressed={pressed} aria-label={label} title={title} data-testid={testid} onClick={() => void press()}>
      {busy.value && busyText ? busyText : children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "busyText" | "label" | "title" | "big"> {
  icon: IconName;
  /** Its word: read out, and shown when pointed at. */
  label: string;
}

export function IconButton({ icon, label, kind = "quiet", class: name = "", ...rest }: IconButtonProps): JSX.Element {
  return <Button {...rest} kind={kind} label={label} title={label} class={`icon ${name}`}><Icon name={icon} /></Button>;
}
