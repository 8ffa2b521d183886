import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { Button } from "./button";
import { t } from "./texts/basic";

/** A component whose code is loaded when it is first wanted: `load` imports it, `meanwhile` stands there until it has come. */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: JSX.Element | null = null): (props: Props) => JSX.Element | null {
  const found = signal<ComponentType<Props> | null>(null);
  const hasFailed = signal(false);
  let isAsked = false;
  return function Late(props) {
    const Found = found.value;
    if (Found) return <Found {...props} />;
    // A server that was updated no longer has the old page's parts: the page itself has to come anew.
    if (hasFailed.value) return <p class="wrong" role="alert">{t.partMissing} <Button onPress={() => location.reload()}>{t.reload}</Button></p>;
    if (!isAsked) {
      isAsked = true;
      load().then((component) => (found.value = component), () => (hasFailed.value = true));
    }
    return meanwhile;
  };
}

/** Run it when the page has nothing better to do. */
export function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 2_000 });
  else setTimeout(run, 500); // Safari
}
