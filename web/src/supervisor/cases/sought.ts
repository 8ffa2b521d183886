import { type Signal, signal } from "@preact/signals";

/** What is looked for. Not in the address, as filters are: it is what customers wrote, and addresses are kept by browsers. */
export const sought: Signal<string> = signal("");
