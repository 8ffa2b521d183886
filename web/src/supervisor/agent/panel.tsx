import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { AgentOverview } from "../../sdk/index.ts";
import { IconButton } from "../../ui/button";
import { Foreign, plain } from "../../ui/foreign";
import { Empty, Failed, Loading } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { Clock } from "../../ui/time";
import { refusal } from "../act";
import { LoadBar, statusWords } from "../agents/columns";
import { useDashboard } from "../dashboard";
import { standingOf } from "../floor/standing";
import { StandingDot } from "../floor/standing-dot";
import { AgentActions } from "./actions";
import { type Asked, CaseDialog } from "./case-dialog";
import { Cases } from "./cases";
import { Day } from "./day";
import { AnswerDialog, FlagUp } from "./flag";
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
  const panel = useRef<HTMLElement>(null);
  useEffect(() => void (takesFocus && panel.current?.focus()), []);
  const agent = row.value?.state.value;
  const name = plain(agent?.name || id);
  return (
    <aside ref={panel} class="agent-panel" tabIndex={-1} aria-label={name} data-testid="agent-panel">
      <header class="panel-head">
        <h2><Foreign text={name} /></h2>
        {name !== id && <span class="soft clip">{id}</span>}
        <span class="spring" />
        <IconButton icon="close" label={f.closePanel} testid="close-panel" onPress={onClose} />
      </header>
      {agent ? <Body agent={agent} name={name} /> : <Empty title={f.panelGone(id)}>{f.panelGoneAdvice}</Empty>}
    </aside>
  );
}

function Body({ agent, name }: { agent: AgentOverview; name: string }): JSX.Element {
  const isAnswering = useSignal(false); // here: the question stays when the flag goes
  return (
    <div class="panel-body">
      <p class="now">
        <StandingDot standing={standingOf(agent)}><span class="foreign" data-testid="panel-status">{standingOf(agent) === "lost" ? f.lostWhile(statusWords(agent)) : statusWords(agent)}</span></StandingDot>
        {agent.status_at_ms !== undefined && <Clock since={agent.status_at_ms} class="soft" />}
        <span class="soft">{agent.team && <Foreign text={agent.team} />}</span>
        <LoadBar agent={agent} />
      </p>
      <Asides agent={agent} />
      {agent.flag && <FlagUp flag={agent.flag} onAnswer={() => (isAnswering.value = true)} />}
      {isAnswering.value && <AnswerDialog agent={agent.agent} name={name} onClose={() => (isAnswering.value = false)} />}
      <AgentActions id={agent.agent} name={name} agent={agent} />
      <Live id={agent.agent} name={name} />
    </div>
  );
}

/** What else is so: less often, so only when it is. */
function Asides({ agent }: { agent: AgentOverview }): JSX.Element | null {
  const channels = agent.channels.filter((channel) => channel !== "*");
  if (channels.length === 0 && agent.reserved_case === "") return null;
  return (
    <p class="soft">
      {channels.length > 0 && f.channelsNarrowed(channels.join(", "))} {agent.reserved_case && f.reservedFor(agent.reserved_case)}
    </p>
  );
}

/** What is told of this one agent alone. */
function Live({ id, name }: { id: string; name: string }): JSX.Element {
  const { state, snapshot, offers, desk, failure } = useWatched(id).value;
  const asked = useSignal<Asked | null>(null); // here: the question stays when the case goes
  const ask = (what: Asked): void => void (asked.value = what);
  if (failure) return <Failed title={f.panelFailed}>{refusal(failure)}</Failed>;
  if (!state) return <Loading />;
  return (
    <>
      <Cases title={f.ringing} empty={f.nothingRings} cases={offers} channels={snapshot?.channels} onAsk={ask} testid="panel-offers" />
      <Cases title={f.onDesk} empty={f.nothingInHand} cases={desk} channels={snapshot?.channels} onAsk={ask} testid="panel-desk" />
      <Day id={id} />
      <Profile id={id} name={name} state={state} />
      {asked.value && <CaseDialog asked={asked.value} holder={name} onClose={() => (asked.value = null)} />}
    </>
  );
}
