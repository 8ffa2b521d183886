import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AgentFields, AgentState } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { Check, TextField } from "../../ui/fields";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { fromLines, isSame, toLines } from "./lines";

interface ProfileFormProps {
  id: string;
  name: string;
  state: AgentState;
  onClose: () => void;
}

const MOST_UNITS = 1_000;

/** What may be changed, as it is written in the form. */
interface Draft {
  capacity: Signal<string>;
  interruptible: Signal<string>;
  ring: Signal<string>;
  autoAccept: Signal<boolean>;
  queues: Signal<ReadonlySet<string>>;
  skills: Signal<string>;
  tiers: Signal<string>;
  limits: Signal<string>;
}

function useDraft(state: AgentState): Draft {
  return {
    capacity: useSignal(String(state.capacity)),
    interruptible: useSignal(String(state.interruptible_capacity)),
    ring: useSignal(String(state.ring_factor)),
    autoAccept: useSignal(state.auto_accept),
    queues: useSignal<ReadonlySet<string>>(new Set(state.queues)),
    skills: useSignal(toLines(state.skills)),
    tiers: useSignal(toLines(state.tiers)),
    limits: useSignal(toLines(state.limits)),
  };
}

/** The fields that differ from how the agent stood when the form was opened: what a colleague changed meanwhile stays. */
function changesOf(draft: Draft, state: AgentState): AgentFields {
  const read = ({ value }: Signal<string>, fallback?: number): Record<string, number> => fromLines(value, fallback) as Record<string, number>; // none is wrong
  const tables = { skills: read(draft.skills, 1), tiers: read(draft.tiers), limits: read(draft.limits) };
  const kept = Object.fromEntries(Object.entries(state.skill_dates).filter(([skill]) => skill in tables.skills));
  const queues = [...draft.queues.value].sort();
  return {
    ...(Number(draft.capacity.value) !== state.capacity && { capacity: Number(draft.capacity.value) }),
    ...(Number(draft.interruptible.value) !== state.interruptible_capacity && { interruptible_capacity: Number(draft.interruptible.value) }),
    ...(Number(draft.ring.value) !== state.ring_factor && { ring_factor: Number(draft.ring.value) }),
    ...(draft.autoAccept.value !== state.auto_accept && { auto_accept: draft.autoAccept.value }),
    ...(!isSame(queues, state.queues) && { queues }),
    ...(!isSame(tables.skills, state.skills) && { skills: tables.skills, skill_dates: kept as NonNullable<AgentFields["skill_dates"]> }),
    ...(!isSame(tables.tiers, state.tiers) && { tiers: tables.tiers }),
    ...(!isSame(tables.limits, state.limits) && { limits: tables.limits }),
  };
}

/** Changes what an agent may be given. */
export function ProfileForm({ id, name, state, onClose }: ProfileFormProps): JSX.Element {
  const { supervisor, notices, floor } = useDashboard();
  const opened = useSignal(state).value; // as it stood then
  const draft = useDraft(opened);
  const wrong = { skills: wrongLine(draft.skills.value, 1), tiers: wrongLine(draft.tiers.value), limits: wrongLine(draft.limits.value) };
  const mayBeSaved = Object.values(wrong).every((each) => each === undefined);
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!mayBeSaved) return;
    const changes = changesOf(draft, opened);
    if (Object.keys(changes).length === 0 || (await act(notices, f.edit, () => supervisor.setAgent(id, changes), f.saved(name)))) onClose();
  }
  return (
    <Sheet title={name} onClose={onClose} wide testid="profile-form">
      <form class="profile-form" onSubmit={(event) => void save(event)}>
        <div class="columns">
          <Units label={f.capacity} rule={f.capacityRule} value={draft.capacity} least={0} most={MOST_UNITS} testid="capacity" />
          <Units label={f.interruptibleCapacity} value={draft.interruptible} least={0} most={MOST_UNITS} testid="interruptible-capacity" />
          <Units label={f.ringFactor} rule={f.ringFactorRule} value={draft.ring} least={1} most={10} testid="ring-factor" />
        </div>
        <Check label={f.autoAccept} value={draft.autoAccept.value} testid="auto-accept" onChange={(isOn) => (draft.autoAccept.value = isOn)} />
        <QueueChoice chosen={draft.queues} all={floor.queues.value.map((row) => row.id)} />
        <div class="columns">
          <Lines label={f.skills} rule={f.skillsRule} value={draft.skills} wrong={wrong.skills} testid="skills" />
          <Lines label={f.tiers} rule={f.tiersRule} value={draft.tiers} wrong={wrong.tiers} testid="tiers" />
          <Lines label={f.limits} rule={f.limitsRule} value={draft.limits} wrong={wrong.limits} testid="limits" />
        </div>
        <div class="actions">
          <button class="button act" data-testid="save-agent">{f.save}</button>
          <Button kind="quiet" onPress={onClose}>{f.discard}</Button>
        </div>
      </form>
    </Sheet>
  );
}

/** What is said of the first line that is no name with a number. */
export function wrongLine(text: string, fallback?: number): string | undefined {
  const table = fromLines(text, fallback);
  return typeof table["wrong"] === "string" ? f.lineWrong(table["wrong"]) : undefined;
}

interface UnitsProps {
  label: string;
  rule?: string;
  value: Signal<string>;
  least: number;
  most: number;
  testid: string;
}

/** A whole number within bounds. */
export function Units({ label, rule, value, least, most, testid }: UnitsProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input class="input" type="number" required min={least} max={most} step={1} value={value.value} data-testid={testid} onInput={(event) => (value.value = event.currentTarget.value)} />
      {rule && <small class="rule">{rule}</small>}
    </label>
  );
}

interface LinesProps {
  label: string;
  rule: string;
  value: Signal<string>;
  wrong: string | undefined;
  testid: string;
}

/** Names with numbers, one a line. */
export function Lines({ label, rule, value, wrong, testid }: LinesProps): JSX.Element {
  return <TextField label={label} rule={rule} {...(wrong !== undefined && { wrong })} lines={4} value={value.value} testid={testid} onInput={(text) => (value.value = text)} />;
}

/** Any of the queues. */
export function QueueChoice({ chosen, all }: { chosen: Signal<ReadonlySet<string>>; all: readonly string[] }): JSX.Element {
  const names = [...new Set([...all, ...chosen.value])].sort((one, other) => one.localeCompare(other));
  function choose(name: string, isOn: boolean): void {
    const next = new Set(chosen.value);
    if (isOn) next.add(name);
    else next.delete(name);
    chosen.value = next;
  }
  return (
    <fieldset class="queue-choice">
      <legend>{f.columns.queues}</legend>
      <div>{names.map((name) => <Check key={name} label={name} value={chosen.value.has(name)} testid={`queue-${name}`} onChange={(isOn) => choose(name, isOn)} />)}</div>
    </fieldset>
  );
}
