// How a tab says that something waits in it: the title, a dot on its icon, a number on the app's icon.

const BATON = "<rect width='32' height='32' rx='8' fill='#0a646b'/><path d='M9 23 23 9' stroke='white' stroke-width='5' stroke-linecap='round'/>";
const DOT = "<circle cx='24' cy='24' r='8' fill='#ef6a5e' stroke='white' stroke-width='2.5'/>";

/** The page's icon, with a dot or without, as an address. */
export function iconUrl(hasDot: boolean): string {
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>${BATON}${hasDot ? DOT : ""}</svg>`)}`;
}

interface AppBadge {
  setAppBadge?(count: number): Promise<void>;
  clearAppBadge?(): Promise<void>;
}

// Not installed, not allowed: then there is no icon to put a number on.
const unavailable = (): void => {};

/** Say in title and icons how many wait. `prefix` stands before the page's own title, such as "(2) Offers". */
export function showBadge(count: number, prefix: string, title: string): void {
  document.title = count > 0 ? `${prefix} – ${title}` : title;
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link && (link.dataset["dot"] === "true") !== count > 0) {
    link.dataset["dot"] = String(count > 0);
    link.href = iconUrl(count > 0);
  }
  const app = navigator as AppBadge;
  void (count > 0 ? app.setAppBadge?.(count) : app.clearAppBadge?.())?.catch(unavailable);
}
