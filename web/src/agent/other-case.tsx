import type { JSX } from "preact";
import type { Case } from "../sdk/index";
import { Button } from "../ui/button";
import { Failed, Loading } from "../ui/states";
import { c } from "../ui/texts/case";
import { CaseHead, CaseTabs } from "./case-panel";
import { useReading } from "./reading";
import { refusal } from "./sentences";
import type { Work } from "./work";

/** A case that is not the agent's: to be read, and taken while it waits. As it was when it was read. */
export function OtherCase({ work, id }: { work: Work; id: string }): JSX.Element {
  const { answer, failure, again } = useReading(() => work.client.http.case(id), id);
  const one = answer.value;
  if (failure.value) return <Failed title={c.notRead} onRetry={again}>{refusal(failure.value, work.reader)}</Failed>;
  if (!one) return <Loading />;
  async function take(waiting: Case): Promise<void> {
    const isMine = await work.attempt(work.agent.take(waiting).then((owned) => work.choice.show(owned)), waiting);
    if (!isMine) await again();
  }
  return (
    <section class="case" aria-label={id} data-testid="other-case" data-case={one.case} data-state={one.state}>
      <CaseHead one={one} />
      <fieldset class="bare actions" disabled={work.link.state.value !== "connected"}>
        {one.state === "waiting" && <Button kind="act" testid="case-take" busyText={c.taking} onPress={() => take(one)}>{c.takeCase}</Button>}
        <Button testid="case-again" onPress={again}>{c.readAgain}</Button>
      </fieldset>
      <CaseTabs work={work} one={one} />
    </section>
  );
}
