import type { JSX } from "preact";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { a } from "../ui/texts/agent";
import type { View } from "./choice";
import { Appointments, CasePanel, DayView, LineView, OtherCase, QueueList, SearchPlace } from "./late-parts";
import type { Work } from "./work";

/** What is worked on or looked at, and where there is room for nothing else the way back. */
export function Middle({ work }: { work: Work }): JSX.Element {
  return (
    <>
      <Button kind="quiet" class="back" testid="back" title={a.backToLists} onPress={() => void work.choice.leave()}><Icon name="return" /> {a.back}</Button>
      <Chosen work={work} />
    </>
  );
}

function Chosen({ work }: { work: Work }): JSX.Element {
  const view = work.choice.view.value;
  switch (view.kind) {
    case "other":
      return <OtherCase work={work} id={view.case} key={view.case} />;
    case "queue":
      return <LineView work={work} queue={view.queue} key={view.queue} />;
    case "search":
      return <SearchPlace work={work} />;
    case "appointments":
      return <Appointments work={work} />;
    case "day":
      return <DayView work={work} />;
    default:
      return <CasePanel work={work} />;
  }
}

/** Where else one can go, below the desk. */
export function Places({ work }: { work: Work }): JSX.Element {
  const { choice } = work;
  const { kind } = choice.view.value;
  const hasAppointments = work.desk.value.some((owned) => owned.case.window !== undefined || owned.case.stage !== undefined);
  const place = (to: Exclude<View["kind"], "case" | "other" | "queue">, word: string): JSX.Element => (
    <button type="button" class="place" aria-current={kind === to ? "page" : undefined} data-testid={`go-${to}`} onClick={() => choice.go({ kind: to })}>{word}</button>
  );
  const view = choice.view.value;
  return (
    <nav class="places" aria-label={a.places}>
      <h2>{a.queues}</h2>
      <QueueList work={work} chosen={view.kind === "queue" ? view.queue : null} onChoose={(queue) => choice.go({ kind: "queue", queue })} />
      {place("search", a.search)}
      {hasAppointments && place("appointments", a.appointments)}
      {place("day", a.day)}
    </nav>
  );
}
