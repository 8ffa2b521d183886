import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { OwnedCase } from "../../sdk/index";
import type { Case, Stage as StageName } from "../../sdk/index";
import { Button } from "../../ui/button";
import { CodeDialog } from "../../ui/dialog";
import { Icon } from "../../ui/icons";
import { codes, word } from "../../ui/texts";
import { c } from "../../ui/texts/case";
import { v } from "../../ui/texts/views";
import { codesFor } from "../channels";
import { quoted } from "../words";
import type { Work } from "../work";
import { nextStage, progress } from "./plan";

/** How far an appointment has come: a stroke for each step, and the word. */
export function Stage({ one }: { one: Case }): JSX.Element | null {
  if (one.stage === undefined) return null;
  const { done, of } = progress(one.stage);
  const name = word(codes.stages, one.stage);
  return (
    <span class="stage" title={v.stageOf(name, done, of)}>
      <span class="steps" aria-hidden="true">{Array.from({ length: of }, (_, step) => <i class={step < done ? "done" : undefined} key={step} />)}</span>
      <span data-testid="stage">{name}</span>
    </span>
  );
}

/** What its owner can do next: the one step forward, large, and the way out. */
export function StageButtons({ work, owned }: { work: Work; owned: OwnedCase }): JSX.Element | null {
  const asks = useSignal(false);
  const one = work.caseOf(owned).value;
  const next = nextStage(one.stage);
  if (next === null) return null;
  async function step(to: StageName): Promise<void> {
    if ((await work.attempt(owned.setStage(to), one)) && to === "completed") work.notices.add(c.completed(quoted(one)));
  }
  return (
    <fieldset class="stage-buttons" disabled={work.link.state.value !== "connected"}>
      <Button kind="act" big testid="stage-next" onPress={() => step(next)} key={next}>
        {v.toStage[next as keyof typeof v.toStage]}
        <Icon name={next === "completed" ? "accept" : "resume"} />
      </Button>
      <Button kind="danger" big testid="stage-cannot" onPress={() => void (asks.value = true)}>{v.cannotComplete}</Button>
      {asks.value && (
        <CodeDialog title={v.cannotCompleteTitle(quoted(one))} confirm={v.cannotComplete} isDangerous codes={codesFor(work.snapshot.value, one.channel, "cannot_complete_reasons")} onClose={() => (asks.value = false)}
          onConfirm={(reason) => work.attempt(owned.setStage("cannot_complete", reason), one)} />
      )}
    </fieldset>
  );
}
