import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Failed, Loading } from "../../ui/states";
import { f } from "../../ui/texts/floor";

/** Fetches a part of the page when it is first needed. */
export type Load<Props> = () => Promise<ComponentType<Props>>;

interface LateProps<Props> {
  load: Load<Props>;
  props: Props;
}

/** A part of the page that is fetched when it is first shown. */
export function Late<Props extends object>({ load, props }: LateProps<Props>): JSX.Element {
  const part = useSignal<{ of: Load<Props>; View: ComponentType<Props> } | null>(null);
  const isFailed = useSignal(false);
  const wanted = useRef(load);
  wanted.current = load;
  // One that comes late must not take the place of what was asked for since.
  function fetch(): Promise<void> {
    isFailed.value = false;
    const isWanted = (): boolean => wanted.current === load;
    // A failed fetch rejects with TypeError; the browser tells no more.
    return load().then(
      (View) => void (isWanted() && (part.value = { of: load, View })),
      () => void (isWanted() && (isFailed.value = true)),
    );
  }
  useEffect(() => void fetch(), [load]);
  if (isFailed.value) return <Failed title={f.lateFailed} onRetry={fetch}>{f.lateAdvice}</Failed>;
  const shown = part.value;
  if (shown?.of !== load) return <Loading />;
  return <shown.View {...props} />;
}
