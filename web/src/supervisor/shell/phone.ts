import { type ReadonlySignal, signal } from "@preact/signals";

const media = globalThis.matchMedia?.("(max-width: 40rem)"); // as shell.css has it; there is none in tests
const matches = signal(media?.matches ?? false);
media?.addEventListener("change", () => (matches.value = media.matches));

/** Is the window too narrow for tables? */
export const isPhone: ReadonlySignal<boolean> = matches;
