import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Administrator, CommandRefused } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { Check, TextField } from "../../ui/fields";
import { plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { s } from "../../ui/texts/setup";
import { act } from "../act";
import { fromLines, toLines } from "../agent/lines";
import { Lines, QueueChoice, Units, wrongLine } from "../agent/profile-form";
import { useDashboard } from "../dashboard";
import { type Changes, type Days, type Person, changesOf, daysFromLines, daysToLines, fieldsOf, personOf } from "./person";

const r = s.roster;
const MOST_UNITS = 1_000;
const ID = "[A-Za-z0-9][A-Za-z0-9._@+\\-]*";

interface Draft {
  agent: Signal<string>;
  name: Signal<string>;
  team: Signal<string>;
  capacity: Signal<string>;
  interruptible: Signal<string>;
  ring: Signal<string>;
  autoAccept: Signal<boolean>;
  queues: Signal<ReadonlySet<string>>;
  skills: Signal<string>;
  days: Signal<string>;
  tiers: Signal<string>;
  limits: Signal<string>;
}

function useDraft(person: Person): Draft {
  return {
    agent: useSignal(person.agent), name: useSignal(person.name), team: useSignal(person.team),
    capacity: useSignal(String(person.capacity)), interruptible: useSignal(String(person.interruptible_capacity)), ring: useSignal(String(person.ring_factor)),
    autoAccept: useSignal(person.auto_accept), queues: useSignal<ReadonlySet<string>>(new Set(person.queues)), skills: useSignal(toLines(person.skills)),
    days: useSignal(daysToLines(person.skill_dates)), tiers: useSignal(toLines(person.tiers)), limits: useSignal(toLines(person.limits)),
  };
}

function written(draft: Draft): Person {
  const table = (of: Signal<string>, fallback?: number): Record<string, number> => fromLines(of.value, fallback) as Record<string, number>;
  return {
    agent: draft.agent.value.trim(), name: draft.name.value.trim(), team: draft.team.value.trim(), capacity: Number(draft.capacity.value), interruptible_capacity: Number(draft.interruptible.value),
    ring_factor: Number(draft.ring.value), auto_accept: draft.autoAccept.value, queues: [...draft.queues.value].sort(), skills: table(draft.skills, 1), skill_dates: daysFromLines(draft.days.value) as Days,
    tiers: table(draft.tiers), limits: table(draft.limits),
  };
}

interface RosterFormProps {
  /** Null: somebody new. */
  person: Person | null;
  onClose: () => void;
  onChanged: () => Promise<void>;
}

/** What an agent is called and may be given. Only what differs is sent, so that what somebody else changed meanwhile stays. */
export function RosterForm({ person, onClose, onChanged }: RosterFormProps): JSX.Element {
  const { client, supervisor, notices } = useDashboard();
  const opened = useSignal(person ?? personOf({ agent: "" })).value; // as it stood then
  const draft = useDraft(opened);
  const isAdmin = client.role === "admin";
  const days = daysFromLines(draft.days.value);
  const wrong = { skills: wrongLine(draft.skills.value, 1), tiers: wrongLine(draft.tiers.value), limits: wrongLine(draft.limits.value), days: typeof days["wrong"] === "string" ? f.lineWrong(days["wrong"]) : undefined };
  async function put(agent: string, changes: Changes): Promise<void> {
    const { results } = await new Administrator(client).putRoster([{ agent, ...changes }]);
    const refused = results.find(({ done }) => done === "refused");
    if (refused) throw new CommandRefused({ code: refused.code ?? "INVALID", detail: refused.detail ?? "", retryable: false });
  }
  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (Object.values(wrong).some((each) => each !== undefined)) return;
    const after = written(draft);
    const changes = changesOf(opened, after);
    if (person && Object.keys(changes).length === 0) return onClose();
    const name = plain(after.name || after.agent);
    const work = (): Promise<void> => (isAdmin ? put(after.agent, changes) : supervisor.setAgent(after.agent, fieldsOf(changes)));
    if (!(await act(notices, f.save, work, person ? f.saved(name) : r.added(name)))) return;
    onClose();
    await onChanged();
  }
  return (
    <Sheet title={person ? plain(person.name || person.agent) : r.newAgent} onClose={onClose} wide testid="roster-form">
      <form class="profile-form" onSubmit={(event) => void save(event)}>
        <Who draft={draft} isNew={!person} isAdmin={isAdmin} />
        <div class="columns">
          <Units label={f.capacity} rule={f.capacityRule} value={draft.capacity} least={0} most={MOST_UNITS} testid="capacity" />
          <Units label={f.interruptibleCapacity} value={draft.interruptible} least={0} most={MOST_UNITS} testid="interruptible-capacity" />
          <Units label={f.ringFactor} rule={f.ringFactorRule} value={draft.ring} least={1} most={10} testid="ring-factor" />
        </div>
        <Check label={f.autoAccept} value={draft.autoAccept.value} testid="auto-accept" onChange={(isOn) => (draft.autoAccept.value = isOn)} />
        <Queues draft={draft} />
        <div class="columns">
          <Lines label={f.skills} rule={f.skillsRule} value={draft.skills} wrong={wrong.skills} testid="skills" />
          <Lines label={r.skillDates} rule={r.skillDatesRule} value={draft.days} wrong={wrong.days} testid="skill-dates" />
          <Lines label={f.tiers} rule={f.tiersRule} value={draft.tiers} wrong={wrong.tiers} testid="tiers" />
          <Lines label={f.limits} rule={f.limitsRule} value={draft.limits} wrong={wrong.limits} testid="limits" />
        </div>
        <div class="actions">
          <button class="button act" data-testid="save-person">{f.save}</button>
          <Button kind="quiet" onPress={onClose}>{f.discard}</Button>
          {!isAdmin && <span class="soft">{r.adminOnly}</span>}
        </div>
      </form>
    </Sheet>
  );
}

function Who({ draft, isNew, isAdmin }: { draft: Draft; isNew: boolean; isAdmin: boolean }): JSX.Element | null {
  if (!isAdmin) return null;
  return (
    <div class="columns">
      {isNew && (
        <label class="field">
          <span>{r.id}</span>
          <input class="input" required maxLength={64} pattern={ID} autocomplete="off" value={draft.agent.value} data-testid="person-id" onInput={(event) => (draft.agent.value = event.currentTarget.value)} />
          <small class="rule">{r.idRule}</small>
        </label>
      )}
      <TextField label={r.name} value={draft.name.value} isRequired maxLength={200} testid="person-name" onInput={(text) => (draft.name.value = text)} />
      <TextField label={r.team} value={draft.team.value} maxLength={200} testid="person-team" onInput={(text) => (draft.team.value = text)} />
    </div>
  );
}

function Queues({ draft }: { draft: Draft }): JSX.Element {
  const { floor } = useDashboard();
  return <QueueChoice chosen={draft.queues} all={floor.queues.value.map(({ id }) => id)} />;
}
