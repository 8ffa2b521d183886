import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { Failed, Loading } from "../../ui/states";
import { r } from "../../ui/texts/reports";
import { whyNot } from "./why-not";
import type { Answered, Reported } from "./use-report";

interface PanelProps {
  title: string;
  reported: Reported;
  testid: string;
  children: (answered: Answered) => ComponentChildren;
}

/** A part of the screen with a report of its own: there as soon as it is answered, whatever becomes of the others. */
export function Panel({ title, reported: { answered, failure, isStale, again }, testid, children }: PanelProps): JSX.Element {
  const id = useId();
  return (
    <section class={isStale ? "panel stale" : "panel"} aria-labelledby={id} aria-busy={isStale} data-testid={testid}>
      <h2 id={id}>{title}</h2>
      {failure ? <Failed title={r.failed} onRetry={again}>{whyNot(failure)}</Failed> : answered ? children(answered) : <Loading />}
    </section>
  );
}
