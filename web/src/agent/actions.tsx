import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { CaseBrief, OwnedCase } from "../sdk/index";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { codes, word } from "../ui/texts";
import { c } from "../ui/texts/case";
import { nextStage } from "./appointments/plan";
import { channelsOf, codesFor } from "./channels";
import { CompleteForm } from "./complete-form";
import { EditDialog, ReturnDialog, TransferDialog } from "./late-parts";
import { ParkMenu } from "./park";
import { agentsIn, movedOn } from "./sentences";
import { quoted } from "./words";
import type { Work } from "./work";

type Question = "return" | "transfer" | "edit" | null;

/** What the owner can do with the case in its present state. One thing at a time: the first press counts. */
export function Actions({ work, owned }: { work: Work; owned: OwnedCase }): JSX.Element {
  const one = work.caseOf(owned).value;
  const doing = useSignal<string | null>(null);
  const question = useSignal<Question>(null);
  const { state, extensions = 0, target } = one;
  const channel = channelsOf(work.snapshot.value)[one.channel];
  const next = nextStage(one.stage);
  const left = channel ? channel.wrap_up_extensions - extensions : 1;

  // Nothing else may be pressed meanwhile; what is busy keeps the focus.
  async function act(name: string, command: () => Promise<unknown>): Promise<boolean> {
    doing.value = name;
    try {
      return await work.attempt(command(), one);
    } finally {
      doing.value = null;
    }
  }
  async function tell(now: CaseBrief, asked?: string): Promise<void> {
    await work.names.learn(agentsIn({ owner: now.owner, ...(asked && { agent: asked }) }));
    work.notices.add(movedOn(one, now, work.reader, asked));
  }
  const isOff = (name: string): boolean => doing.value !== null && doing.value !== name;
  const ask = (asked: Question) => () => (question.value = asked);
  const close = ask(null);

  return (
    <fieldset class="bare case-actions" disabled={work.link.state.value !== "connected"}>
      <CompleteForm dispositions={codesFor(work.snapshot.value, one.channel, "dispositions")} given={one.disposition ?? ""} isOff={isOff("complete")}
        isAside={next !== null} {...(next !== null && next !== "completed" && { question: c.completeEarly(quoted(one), word(codes.stages, one.stage!)) })}
        onComplete={(disposition) => act("complete", () => owned.complete(disposition).then(() => work.notices.add(c.completed(quoted(one)))))}
        {...(state === "active" && { onWrapUp: (disposition: string) => act("complete", () => owned.wrap(disposition)) })} />
      <div class="actions">
        {state === "active" && <ParkMenu work={work} disabled={doing.value !== null} onPark={(wakeAtMs) => act("park", () => owned.park(wakeAtMs))} />}
        {state === "parked" && (
          <Button testid="case-resume" disabled={isOff("resume")} onPress={() => act("resume", () => owned.resume())}><Icon name="resume" /> {c.resume}</Button>
        )}
        {state === "wrapping" && (
          <Button testid="case-extend" disabled={isOff("extend") || left <= 0} title={c.extensionsLeft(Math.max(0, left))} onPress={() => act("extend", () => owned.extendWrapUp())}>
            {c.moreTime} <span class="soft">{c.extensionsLeft(Math.max(0, left))}</span>
          </Button>
        )}
        <Button testid="case-return" disabled={isOff("return")} onPress={ask("return")}><Icon name="return" /> {c.return}</Button>
        <Button testid="case-transfer" disabled={isOff("transfer") || target !== undefined} onPress={ask("transfer")}><Icon name="transfer" /> {c.transfer}</Button>
        <Button kind="quiet" testid="case-edit" disabled={isOff("edit")} onPress={ask("edit")}>{c.edit}</Button>
      </div>
      {question.value === "return" && <ReturnDialog work={work} one={one} onClose={close} onConfirm={(reason, place) => void act("return", () => owned.return(reason, place).then((now) => tell(now)))} />}
      {question.value === "transfer" && (
        <TransferDialog work={work} one={one} onClose={close}
          onConfirm={(to, reason) => void act("transfer", () => ("agent" in to ? owned.transferTo(to.agent, reason).then((now) => tell(now, to.agent)) : owned.transfer(to.queue, reason).then((now) => tell(now))))} />
      )}
      {question.value === "edit" && <EditDialog one={one} onClose={close} onConfirm={(fields) => void act("edit", () => owned.update(fields))} />}
    </fieldset>
  );
}
