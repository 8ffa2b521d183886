import type { JSX } from "preact";

// Drawn by hand on a grid of 16, one stroke width, round ends. Decoration: the word stands beside it or in the label.
const PATHS = {
  accept: "M3 8.5l3.5 3.5L13 4.5",
  bell: "M4 11V7.5a4 4 0 0 1 8 0V11l1.5 1.5h-11L4 11M6.5 14.5h3",
  calendar: "M3 4.5h10v9H3zM3 7.5h10M5.5 2.5v3M10.5 2.5v3",
  close: "M4 4l8 8M12 4l-8 8",
  down: "M4 6l4 4 4-4",
  external: "M9 3h4v4M13 3L7.5 8.5M11 9.5V13H3V5h3.5",
  flag: "M4 14V2.5M4 3h8l-2 3 2 3H4",
  gear: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4",
  help: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.1",
  history: "M2.5 8a5.5 5.5 0 1 0 1.8-4.1L2.5 5.5M2.5 2.5v3h3M8 5v3.5l2.3 1.3",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  mute: "M4 11V7.5a4 4 0 0 1 .8-2.4M7 3.6A4 4 0 0 1 12 7.5V11l1.5 1.5h-11L4 11M6.5 14.5h3M2 2l12 12",
  note: "M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3",
  park: "M5.5 3.5v9M10.5 3.5v9",
  plus: "M8 3v10M3 8h10",
  resume: "M5 3l8 5-8 5z",
  return: "M6 3L2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M10.5 10.5l3.5 3.5",
  transfer: "M2.5 5.5h9M9 2.5l3 3-3 3M13.5 10.5h-9M7 7.5l-3 3 3 3",
  up: "M4 10l4-4 4 4",
} as const;

export type IconName = keyof typeof PATHS;

// These point somewhere, and the other way where the writing runs the other way.
const POINTING: ReadonlySet<IconName> = new Set(["external", "history", "resume", "return", "transfer"]);

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={POINTING.has(name) ? "pointing" : undefined} width="16" height="16" viewBox="0 0 16 16" fill="none"
      stroke="currentColor" stroke-width={name === "more" ? 2.5 : 1.5} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
