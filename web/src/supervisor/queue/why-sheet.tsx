import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Case, Line } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { plain } from "../../ui/foreign";
import { Failed, Loading } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { refusal } from "../act";
import { WatchedWhy } from "../case/watched-why";
import { WhyView } from "../case/why";
import { useDashboard } from "../dashboard";
import { go } from "../route";

export const subjectOf = (one: Case): string => plain(one.card?.subject ?? one.case);

/** Why a case of a line waits, live: beside it the page shows what changes that. */
export function WhySheet({ one, line, onClose }: { one: Case; line: Line; onClose: () => void }): JSX.Element {
  const { supervisor, overview, client } = useDashboard();
  const watched = useMemo(() => new WatchedWhy(supervisor, overview, one.case), [supervisor, overview, one.case]);
  useEffect(() => {
    watched.ask();
    const stops = [line.on("change", () => watched.hearOf(line)), client.on("event", (event) => event.case === one.case && watched.ask()), client.on("snapshot", () => watched.ask())];
    return () => {
      for (const stop of stops) stop();
      watched.close();
    };
  }, [watched, line]);
  const why = watched.why.value;
  const failure = watched.failure.value;
  return (
    <Sheet title={why && why.case.state !== "waiting" ? w.whyNow : w.whyOf(subjectOf(one))} onClose={onClose} wide testid="why-sheet">
      {why ? <WhyView why={why} /> : failure ? <Failed title={w.why}>{refusal(failure)}</Failed> : <Loading />}
      <div class="actions"><Button kind="act" onPress={() => go("case", one.case)}>{f.openCase}</Button></div>
    </Sheet>
  );
}
