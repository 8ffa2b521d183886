import type { JSX } from "preact";
import type { AgentState } from "../sdk/index";
import { Badge } from "../ui/marks";
import { Meter } from "../ui/meter";
import { a } from "../ui/texts/agent";
import { t } from "../ui/texts/basic";

/** The units of work in hand, open offers included: of each pool, and of channels that are limited. */
export function Capacity({ me }: { me: AgentState }): JSX.Element {
  const { capacity, interruptible_capacity, held_primary, held_interruptible, limits, channel_cases } = me;
  return (
    <div class="capacity" role="group" aria-label={a.capacityIs} data-testid="capacity" title={a.capacityIs}>
      <Meter label={a.pools.primary} held={held_primary} capacity={capacity} testid="capacity-primary" />
      <Meter label={a.pools.interruptible} held={held_interruptible} capacity={interruptible_capacity} testid="capacity-interruptible" />
      {Object.entries(limits).map(([channel, most]) => {
        const held = channel_cases[channel] ?? 0;
        return <Badge key={channel} meaning={held >= most ? "soon" : "waits"}>{channel} {t.ofCapacity(held, most)}</Badge>;
      })}
    </div>
  );
}
