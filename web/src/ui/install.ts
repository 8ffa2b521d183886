import { signal } from "@preact/signals";

/** Chromium's offer to install the page; not in the DOM's types. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: "accepted" | "dismissed" }>;
}

const waiting = signal<InstallPrompt | null>(null);

/** Can the page be installed from a button of its own? Elsewhere the browser's menu does it. */
export const canInstall = (): boolean => waiting.value !== null;

/** Keep the browser's offer for the page's own button. Call once. */
export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    waiting.value = event as InstallPrompt;
  });
  addEventListener("appinstalled", () => (waiting.value = null));
}

/** Ask; from a press. An offer can be taken up once. */
export async function install(): Promise<void> {
  const prompt = waiting.value;
  waiting.value = null;
  await prompt?.prompt();
}
