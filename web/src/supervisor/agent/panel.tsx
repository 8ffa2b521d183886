import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "../../ui/button";
import { Foreign, plain } from "../../ui/foreign";
import { Empty, Loading } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { Clock } from "../../ui/time";
import { LoadBar, statusWords } from "../agents/columns";
import { useDashboard } from "../dashboard";
import { standingOf } from "../floor/standing";
import { StandingDot } from "../floor/standing-dot";
import { AgentActions } from "./actions";
import { type Asked, CaseDialog } from "./case-dialog";
import { Cases } from "./cases";
import { Day } from "./day";
import { FlagUp } from "./flag";
import { Profile } from "./profile";
import { useWatched } from "./watched";

interface AgentPanelProps {
  id: string;
  /** Somebody has just opened it, and goes on in it. */
  takesFocus: boolean;
  onClose: () => void;
}

/** One agent, live: how it stands, what it has in hand, what it may do; and everything that can be done about it. */
export function AgentPanel({ id, takesFocus, onClose }: AgentPanelProps): JSX.Element {
  const { floor } = useDashboard();
  const row = useComputed(() => (void floor.agents.value, floor.agent(id)));
  const seen = useWatched(id);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => void (takesFocus && panel.current?.focus()), []);
  const overview = row.value?.state.value;
  const { state, failure } = seen.value;
  const name = plain(overview?.name || state?.name || id);
  return (
    <aside ref={panel} class="agent-panel" tabIndex={-1} aria-label={name} data-testid="agent-panel">
      <header class="panel-head">
        <h2><Foreign text={name} /></h2>
        {name !== id && <span class="soft clip">{id}</span>}
        <span class="spring" />
        <IconButton icon="close" label={f.closePanel} testid="close-panel" onPress={onClose} />
      </header>
      {failure || !overview ? (
        <Empty title={f.panelGone(id)}>{f.panelGoneAdvice}</Empty>
      ) : (
        <div class="panel-body">
          <p class="now">
            <StandingDot standing={standingOf(overview)}><span class="foreign" data-testid="panel-status">{statusWords(overview)}</span></StandingDot>
            {overview.status_at_ms !== undefined && <Clock since={overview.status_at_ms} class="soft" />}
            <span class="soft">{overview.team && <Foreign text={overview.team} />}</span>
            <LoadBar agent={overview} />
          </p>
          <Asides agent={overview} />
          {overview.flag && <FlagUp agent={id} name={name} flag={overview.flag} />}
          <AgentActions id={id} name={name} agent={overview} />
          {state ? <Live id={id} name={name} seen={seen.value} /> : <Loading />}
        </div>
      )}
    </aside>
  );
}

/** What else is so: less often, so only when it is. */
function Asides({ agent }: { agent: { channels: readonly string[]; reserved_case: string } }): JSX.Element | null {
  const channels = agent.channels.filter((channel) => channel !== "*");
  if (channels.length === 0 && agent.reserved_case === "") return null;
  return (
    <p class="soft">
      {channels.length > 0 && f.channelsNarrowed(channels.join(", "))} {agent.reserved_case && f.reservedFor(agent.reserved_case)}
    </p>
  );
}

function Live({ id, name, seen }: { id: string; name: string; seen: ReturnType<typeof useWatched>["value"] }): JSX.Element {
  const { state, snapshot, offers, desk } = seen;
  const asked = useSignal<Asked | null>(null); // here: the question stays when the case goes
  const ask = (what: Asked): void => void (asked.value = what);
  return (
    <>
      <Cases title={f.ringing} empty={f.nothingRings} cases={offers} channels={snapshot?.channels} onAsk={ask} testid="panel-offers" />
      <Cases title={f.onDesk} empty={f.nothingInHand} cases={desk} channels={snapshot?.channels} onAsk={ask} testid="panel-desk" />
      <Day id={id} />
      {state && <Profile id={id} name={name} state={state} />}
      {asked.value && <CaseDialog asked={asked.value} holder={name} onClose={() => (asked.value = null)} />}
    </>
  );
}
