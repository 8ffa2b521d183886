import { type Signal, signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../../ui/button";
import { Dialog, Sheet } from "../../ui/dialog";
import { Foreign } from "../../ui/foreign";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { type Outcome, actOnAll, refusal } from "../act";
import { useDashboard } from "../dashboard";
import { StatusMenu } from "./status-menu";

/** Something that is about to be done to several agents. */
interface Plan {
  title: string;
  rule: string;
  confirm: string;
  work: (agent: string) => Promise<unknown>;
}

/** Something that is being done to several, or was. */
class Run {
  readonly title: string;
  readonly ids: readonly string[];
  readonly outcomes = signal<readonly Outcome[]>([]);

  constructor({ title, work }: Plan, ids: readonly string[]) {
    this.title = title;
    this.ids = ids;
    void actOnAll(ids, work, (outcome) => (this.outcomes.value = [...this.outcomes.value, outcome]));
  }
}

/** What can be done to all that are selected, while some are. */
export function SelectionBar({ selected }: { selected: Signal<ReadonlySet<string>> }): JSX.Element | null {
  const { supervisor, floor } = useDashboard();
  const plan = useSignal<Plan | null>(null);
  const run = useSignal<Run | null>(null);
  const ids = [...selected.value].filter((id) => floor.agent(id));
  const count = ids.length;
  if (count === 0 && !run.value) return null;
  const setStatus = (status: string): void => {
    const name = word(codes.statuses, status);
    plan.value = { title: f.statusMany(count, name), rule: status === "online" ? "" : f.takesAway, confirm: f.setStatus, work: (agent) => supervisor.setAgent(agent, { status }) };
  };
  const drain = (): void => void (plan.value = { title: f.drainMany(count), rule: f.drainRule, confirm: f.drain, work: (agent) => supervisor.drainAgent(agent) });
  return (
    <>
      <div class="selection" role="toolbar" aria-label={f.actions} data-testid="selection">
        <b>{f.selectedCount(count)}</b>
        <StatusMenu team={null} onChoose={setStatus} />
        <Button testid="drain-selected" onPress={drain}>{f.drain}</Button>
        <Button kind="quiet" testid="clear-selection" onPress={() => (selected.value = new Set())}>{f.clearSelection}</Button>
      </div>
      {plan.value && (
        <Dialog title={plan.value.title} confirm={plan.value.confirm} isDangerous={plan.value.rule !== ""} onClose={() => (plan.value = null)}
          onConfirm={() => (run.value = new Run(plan.value!, ids))}>
          {plan.value.rule && <p>{plan.value.rule}</p>}
        </Dialog>
      )}
      {run.value && <Outcomes run={run.value} onClose={() => (run.value = null)} />}
    </>
  );
}

function Outcomes({ run, onClose }: { run: Run; onClose: () => void }): JSX.Element {
  const outcomes = run.outcomes.value;
  const refused = outcomes.filter(({ error }) => error);
  return (
    <Sheet title={f.outcomes} onClose={onClose} testid="outcomes">
      <p class="soft">{run.title}</p>
      <p role="status">{outcomes.length < run.ids.length ? f.working(outcomes.length, run.ids.length) : f.doneFor(outcomes.length - refused.length)}</p>
      {refused.length > 0 && (
        <>
          <p>{f.refusedFor(refused.length)}</p>
          <ul class="refused">{refused.map(({ id, error }) => <li key={id}><Foreign text={id} />: {refusal(error!)}</li>)}</ul>
        </>
      )}
    </Sheet>
  );
}
