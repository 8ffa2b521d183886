import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { CodeDialog, Dialog, Sheet } from "../../ui/dialog";
import { Select } from "../../ui/fields";
import { Foreign, plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { type Outcome, actOnAll, refusal } from "../act";
import { PriorityField } from "../case/priority";
import { useDashboard } from "../dashboard";
import { ChooseAgent } from "./choose-agent";

type Asked = "assign" | "transfer" | "priority" | "cancel";
type Work = (one: Case) => Promise<unknown>;

const CANCEL_REASONS = ["duplicate", "no longer needed", "created by mistake"] as const;

/** Something that is being done to several cases, or was. */
class Run {
  readonly cases: ReadonlyMap<string, Case>;
  readonly outcomes = signal<readonly Outcome[]>([]);

  constructor(cases: readonly Case[], work: Work) {
    this.cases = new Map(cases.map((one) => [one.case, one]));
    void actOnAll([...this.cases.keys()], (id) => work(this.cases.get(id)!), (outcome) => (this.outcomes.value = [...this.outcomes.value, outcome]));
  }
}

interface ManyBarProps {
  chosen: readonly Case[];
  queue: string;
  onClear: () => void;
}

/** What can be done to all waiting cases that are chosen, while some are. Each shows the baton that was seen: one that has moved on stays. */
export function ManyBar({ chosen, queue, onClear }: ManyBarProps): JSX.Element | null {
  const asked = useSignal<Asked | null>(null);
  const run = useSignal<Run | null>(null);
  if (chosen.length === 0 && !run.value) return null;
  const ask = (what: Asked) => (): void => void (asked.value = what);
  const start = (work: Work): void => {
    run.value = new Run(chosen, work);
    onClear();
  };
  return (
    <>
      {chosen.length > 0 && (
        <div class="selection" role="toolbar" aria-label={f.actions} data-testid="many">
          <b>{w.chosen(chosen.length)}</b>
          <Button testid="assign-many" onPress={ask("assign")}>{w.assign}</Button>
          <Button testid="transfer-many" onPress={ask("transfer")}>{f.transferCase}</Button>
          <Button testid="priority-many" onPress={ask("priority")}>{w.changePriority}</Button>
          <Button kind="danger" testid="cancel-many" onPress={ask("cancel")}>{f.cancelCase}</Button>
          <Button kind="quiet" testid="clear-many" onPress={onClear}>{f.clearSelection}</Button>
        </div>
      )}
      {asked.value && <Question asked={asked.value} count={chosen.length} queue={queue} onClose={() => (asked.value = null)} onStart={start} />}
      {run.value && <Outcomes run={run.value} onClose={() => (run.value = null)} />}
    </>
  );
}

interface QuestionProps {
  asked: Asked;
  count: number;
  queue: string;
  onClose: () => void;
  onStart: (work: Work) => void;
}

function Question({ asked, count, queue, onClose, onStart }: QuestionProps): JSX.Element {
  const { supervisor } = useDashboard();
  switch (asked) {
    case "assign":
      return <ChooseAgent title={w.assignMany(count)} rule={w.assignManyRule} queue={queue} onClose={onClose} onChoose={(agent) => onStart((one) => supervisor.assign(one, agent))} />;
    case "transfer":
      return <TransferMany count={count} queue={queue} onClose={onClose} onStart={onStart} />;
    case "priority":
      return <PriorityMany onClose={onClose} onStart={onStart} />;
    case "cancel":
      return (
        <CodeDialog title={w.cancelMany(count)} confirm={f.confirmCancel} isDangerous codes={CANCEL_REASONS} onClose={onClose} onConfirm={(reason) => onStart((one) => supervisor.cancel(one, reason))}>
          <p>{w.cancelRule}</p>
        </CodeDialog>
      );
  }
}

type AnswerProps = Pick<QuestionProps, "onClose" | "onStart">;

function PriorityMany({ onClose, onStart }: AnswerProps): JSX.Element {
  const { supervisor } = useDashboard();
  const value = useSignal("");
  return (
    <Dialog title={w.priorityTitle} confirm={w.setPriority} onClose={onClose} onConfirm={() => onStart((one) => supervisor.update(one, { priority: Number(value.peek()) }))}>
      <PriorityField value={value} />
    </Dialog>
  );
}

function TransferMany({ count, queue, onClose, onStart }: AnswerProps & { count: number; queue: string }): JSX.Element {
  const { supervisor, floor } = useDashboard();
  const chosen = useSignal("");
  const others = floor.queues.value.map(({ state }) => state.peek()).filter((each) => each.queue !== queue && !each.retired).map((each) => each.queue).sort((one, other) => one.localeCompare(other));
  return (
    <Dialog title={w.transferMany(count)} confirm={f.confirmTransfer} onClose={onClose} onConfirm={() => onStart((one) => supervisor.transfer(one, chosen.peek()))}>
      <Select label={f.queue} value={chosen.value} isRequired testid="transfer-queue" onChange={(value) => (chosen.value = value)}>
        <option value="" />
        {others.map((name) => <option value={name} key={name}>{name}</option>)}
      </Select>
    </Dialog>
  );
}

const SHOWN = 100;

function Outcomes({ run, onClose }: { run: Run; onClose: () => void }): JSX.Element {
  const outcomes = run.outcomes.value;
  const refused = outcomes.filter(({ error }) => error);
  return (
    <Sheet title={f.outcomes} onClose={onClose} testid="outcomes">
      <p role="status" data-testid="outcomes-done">{outcomes.length < run.cases.size ? f.working(outcomes.length, run.cases.size) : w.doneFor(outcomes.length - refused.length)}</p>
      {refused.length > 0 && (
        <>
          <p>{w.refusedFor(refused.length)}</p>
          <ul class="refused">{refused.slice(0, SHOWN).map(({ id, error }) => <li key={id}><Foreign text={plain(run.cases.get(id)?.card?.subject ?? id)} />: {refusal(error!)}</li>)}</ul>
          {refused.length > SHOWN && <p class="soft">{w.firstOnes(SHOWN)}</p>}
        </>
      )}
    </Sheet>
  );
}
