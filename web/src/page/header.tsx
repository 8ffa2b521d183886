import type { JSX } from "preact";
import type { AgentState, ChosenStatus } from "../sdk/messages";
import { session } from "./session";
import { Foreign } from "./text";
import type { Workplace } from "./workplace";

const CONNECTION = { connected: "Connected", connecting: "Connecting…", disconnected: "Not connected" } as const;

export function Header({ work }: { work: Workplace }): JSX.Element {
  const agent = work.view.value.agent;
  const state = work.state.value;
  return (
    <header class="top">
      <div class="who">
        <h1>{agent ? <Foreign text={agent.name} /> : "Casebaton"}</h1>
        <span class="workspace">{work.workspace}</span>
      </div>
      {agent && <StatusMenu work={work} agent={agent} />}
      {agent && <Capacity agent={agent} />}
      <span class={`connection ${state}`} role="status" data-testid="connection">{CONNECTION[state]}</span>
      <button type="button" class="quiet" data-testid="sign-out" onClick={() => (session.value = null)}>Sign out</button>
      {agent && <StatusHint work={work} agent={agent} />}
    </header>
  );
}

function StatusMenu({ work, agent }: { work: Workplace; agent: AgentState }): JSX.Element {
  async function choose(menu: HTMLSelectElement): Promise<void> {
    const accepted = await work.attempt(work.agent.setStatus(menu.value as ChosenStatus));
    if (!accepted) menu.value = work.view.value.agent?.status ?? menu.value;
  }
  return (
    <label class={`status ${agent.status}`}>
      <span class="visually-hidden">Status</span>
      <select data-testid="status-menu" value={agent.status} disabled={work.state.value !== "connected"}
        onChange={(event) => choose(event.currentTarget)}>
        <option value="online">Online</option>
        <option value="busy">Busy</option>
        <option value="offline">Offline</option>
        {agent.status === "not_responding" && <option value="not_responding" disabled>Not responding</option>}
      </select>
    </label>
  );
}

function StatusHint({ work, agent }: { work: Workplace; agent: AgentState }): JSX.Element | null {
  const goOnline = (): Promise<boolean> => work.attempt(work.agent.setStatus("online"));
  const disabled = work.state.value !== "connected";
  if (agent.status === "not_responding") {
    return (
      <p class="status-hint warning" role="alert">
        You were set to “not responding” because offers were not answered. Nothing is offered to you.
        <button type="button" data-testid="back-online" disabled={disabled} onClick={goOnline}>Back online</button>
      </p>
    );
  }
  if (agent.status !== "offline") return null;
  return (
    <p class="status-hint">
      You are offline: nothing is offered to you.
      <button type="button" data-testid="go-online" disabled={disabled} onClick={goOnline}>Go online</button>
    </p>
  );
}

function Capacity({ agent }: { agent: AgentState }): JSX.Element {
  const { capacity, interruptible_capacity, held_primary, held_interruptible } = agent;
  const held = held_primary + held_interruptible;
  return (
    <div class="capacity" data-testid="capacity" title="Units of work you hold, open offers included">
      <span>{held} of {capacity}</span>
      <meter min={0} max={Math.max(capacity, 1)} value={held} aria-label="Capacity in use" />
      <small>cases {held_interruptible} of {interruptible_capacity}</small>
    </div>
  );
}
