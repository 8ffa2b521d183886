import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { placeMenu } from "../../ui/menu";
import { r } from "../../ui/texts/reports";

interface DefinedProps {
  name: string;
  /** What it means; without it the name stands alone. */
  says: string | undefined;
}

/** A number's name, which tells what it means: read out with it, and shown to whoever presses it, by mouse, finger or key. */
export function Defined({ name, says }: DefinedProps): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLDivElement>(null);
  if (!says) return <span>{name}</span>;
  function toggled({ newState }: { newState: string }): void {
    if (newState !== "open") return;
    const { style } = note.current!;
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top } = placeMenu(button.current!.getBoundingClientRect(), note.current!.getBoundingClientRect(), room, getComputedStyle(button.current!).direction === "rtl");
    style.left = `${left}px`;
    style.top = `${top}px`;
  }
  return (
    <>
      <button ref={button} type="button" class="defined" popoverTarget={id} aria-describedby={id} title={r.define(name)} data-testid="define">{name}</button>
      <div ref={note} id={id} class="menu definition-of" popover="auto" role="note" data-testid="definition" onToggle={toggled}>{says}</div>
    </>
  );
}
