import type { JSX } from "preact";
import { r } from "../../ui/texts/reports";
import { Bars } from "./bars";
import { Figures } from "./figures";
import { numberOf } from "./values";
import type { ViewProps } from "./view";

const FIGURES = ["waiting", "offered", "oldest_wait_ms", "oldest_age_ms", "active", "parked", "oldest_owned_ms", "idle_owned"];
const BOUNDS = ["1m", "5m", "15m", "1h", "4h", "1d", "7d", "longer"] as const;

/** What is under way now, by how long it has been. */
export function Ageing({ answer }: ViewProps): JSX.Element {
  const bars = (what: string): { name: string; count: number; says: string }[] =>
    BOUNDS.map((bound) => {
      const name = bound === "longer" ? r.bounds[bound]! : r.upTo(r.bounds[bound]!);
      const count = numberOf(answer.total, `${what}_${bound}`) ?? 0;
      return { name, count, says: r.boundLabel(name, count) };
    });
  const [inLine, inHand] = [bars("in_line"), bars("owned")];
  return (
    <>
      <Figures answer={answer} names={FIGURES} />
      <div class="charts">
        <section class="panel" aria-labelledby="in-line"><h2 id="in-line">{r.inLine}</h2><Bars bars={inLine} label={said(inLine)} meaning="waits" /></section>
        <section class="panel" aria-labelledby="in-hand"><h2 id="in-hand">{r.inHand}</h2><Bars bars={inHand} label={said(inHand)} /></section>
      </div>
    </>
  );
}

const said = (bars: readonly { says: string }[]): string => bars.map(({ says }) => says).join(", ");
