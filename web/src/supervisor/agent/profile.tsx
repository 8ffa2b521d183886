import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { AgentState } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { formatDate, formatNumber } from "../../ui/format";
import { Meter } from "../../ui/meter";
import { f } from "../../ui/texts/floor";
import { ProfileForm } from "./profile-form";

interface ProfileProps {
  id: string;
  name: string;
  state: AgentState;
}

/** What the agent may be given: room, queues, skills, tiers, limits. */
export function Profile({ id, name, state }: ProfileProps): JSX.Element {
  const isEditing = useSignal(false);
  const { capacity, interruptible_capacity, held_primary, held_interruptible, queues, queues_by_skill, skills, skill_dates, tiers, limits, auto_accept, ring_factor } = state;
  return (
    <section class="part" aria-labelledby="agent-profile">
      <h3 id="agent-profile">{f.profile} <Button kind="quiet" testid="edit-agent" onPress={() => void (isEditing.value = true)}>{f.edit}</Button></h3>
      <div class="meters">
        <Meter label={f.primaryUnits} held={held_primary} capacity={capacity} testid="meter-capacity" />
        <Meter label={f.interruptibleUnits} held={held_interruptible} capacity={interruptible_capacity} testid="meter-interruptible" />
      </div>
      <dl class="facts">
        <Fact name={f.columns.queues}>{[...queues.map((queue) => [queue, ""]), ...queues_by_skill.map((queue) => [queue, f.bySkill])]}</Fact>
        <Fact name={f.skills}>{Object.entries(skills).map(([skill, level]) => [`${skill} ${formatNumber(level)}`, dates(skill_dates[skill])])}</Fact>
        <Fact name={f.tiers}>{Object.entries(tiers).map(([queue, tier]) => [`${queue} ${formatNumber(tier)}`, ""])}</Fact>
        <Fact name={f.limits}>{Object.entries(limits).map(([channel, limit]) => [`${channel} ${formatNumber(limit)}`, ""])}</Fact>
        {auto_accept && <Fact name={f.autoAccept}>{[[f.yes, ""]]}</Fact>}
        {ring_factor !== 1 && <Fact name={f.ringFactor}>{[[f.times(ring_factor), ""]]}</Fact>}
      </dl>
      {isEditing.value && <ProfileForm id={id} name={name} state={state} onClose={() => (isEditing.value = false)} />}
    </section>
  );
}

function dates(between: Record<string, number> | undefined): string {
  if (!between) return "";
  const { since_ms, until_ms } = between;
  return f.skillDates(since_ms ? formatDate(since_ms) : "", until_ms ? formatDate(until_ms) : "");
}

function Fact({ name, children }: { name: string; children: (string | undefined)[][] }): JSX.Element {
  const items: ComponentChildren = children.map(([what, note]) => <li key={what}><span class="foreign">{what}</span>{note && <small class="soft"> {note}</small>}</li>);
  return <div><dt>{name}</dt><dd>{children.length > 0 ? <ul class="chips">{items}</ul> : <span class="soft">{f.none}</span>}</dd></div>;
}
