import type { ComponentChildren, JSX } from "preact";
import { Foreign } from "../../ui/foreign";
import { formatDate } from "../../ui/format";
import { Badge, Baton } from "../../ui/marks";
import { Loading } from "../../ui/states";
import { word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import { w } from "../../ui/texts/work";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { href } from "../route";
import { Erase } from "./erase";
import { LifeOf } from "./life";
import { useNames } from "./names";

/** A case that has left the store: what the history has of it; `children` where it has nothing. */
export function EndedCasePage({ id, children }: { id: string; children: ComponentChildren }): JSX.Element {
  const { supervisor } = useDashboard();
  const nameOf = useNames();
  const { answer, failure } = useAnswer(() => supervisor.findEnded(id, { limit: 1 }), id);
  if (!answer && !failure) return <Loading />;
  const one = answer?.items.find((item) => item.case === id);
  if (!one) return <>{children}</>;
  return (
    <>
      <header class="case-head" data-testid="ended-head">
        <Baton meaning="waits" />
        <div class="what">
          <h1><Foreign text={one.subject || one.case} /></h1>
          <p class="stands">
            <Badge>{word(r.endedHow, one.ended_how)}</Badge><span class="soft">{formatDate(one.ended_at_ms)}</span>
            {one.agent && <a href={href("agent", one.agent)} class="foreign">{w.withAgent(nameOf(one.agent))}</a>}
            <a href={href("queue", one.queue)} class="foreign">{w.inQueue(one.queue)}</a>
            {one.customer && <span class="soft"><Foreign text={one.customer} /></span>}
            {one.disposition && <span class="soft"><Foreign text={one.disposition} /></span>}
          </p>
        </div>
      </header>
      <p class="soft">{r.hasEnded}</p>
      <section class="panel" aria-labelledby="life"><h2 id="life">{r.life}</h2><LifeOf id={id} revision={0} /></section>
      <Erase customer={one.customer} />
    </>
  );
}
