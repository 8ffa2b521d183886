import type { JSX } from "preact";
import type { AgentState } from "../sdk/types";
import { imposed } from "./sentences";
import { session } from "./session";
import { Foreign } from "./text";
import type { Workplace } from "./workplace";

const CONNECTION = { connected: "Connected", connecting: "Connecting…", disconnected: "Not connected" } as const;

const WHEN_DONE = "next:offline"; // a colon, which no status has

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
    const { value } = menu;
    const choosing = value === WHEN_DONE ? work.agent.setStatus("offline", { next: true }) : work.agent.setStatus(value);
    const accepted = await work.attempt(choosing);
    if (!accepted || value === WHEN_DONE) menu.value = work.view.value.agent?.label ?? menu.value;
  }
  const choices = work.view.value.statuses;
  return (
    <label class={`status ${agent.status}`}>
      <span class="visually-hidden">Status</span>
      <select data-testid="status-menu" value={agent.next_status === "offline" ? WHEN_DONE : agent.label} disabled={work.state.value !== "connected"}
        onChange={(event) => choose(event.currentTarget)}>
        <option value="online">Online</option>
        <option value="busy">Busy</option>
        <option value="offline">Offline</option>
        <option value={WHEN_DONE}>Offline when calls and chats are done</option>
        {choices.map(({ status }) => <option key={status} value={status}>{status}</option>)}
        {agent.label !== agent.status && !choices.some(({ status }) => status === agent.label) &&
          <option value={agent.label} disabled>{agent.label}</option>}
        {agent.status === "not_responding" && <option value="not_responding" disabled>Not responding</option>}
      </select>
    </label>
  );
}

function StatusHint({ work, agent }: { work: Workplace; agent: AgentState }): JSX.Element | null {
  const disabled = work.state.value !== "connected";
  const why = imposed(agent);
  if (why !== null) {
    return (
      <p class="status-hint warning" role="alert">
        {why} {agent.status !== "online" && "Nothing is offered to you."}
        <button type="button" data-testid="undo-status" disabled={disabled} onClick={() => work.attempt(work.agent.undoStatus())}>Undo</button>
      </p>
    );
  }
  if (agent.next_status !== "") {
    return (
      <p class="status-hint" role="status">
        Nothing more is offered to you. When your calls and chats are done you are {agent.next_status}.
        <button type="button" data-testid="stay" disabled={disabled} onClick={() => work.attempt(work.agent.setStatus(agent.label))}>Stay {agent.label}</button>
      </p>
    );
  }
  if (agent.status !== "offline") return null;
  return (
    <p class="status-hint">
      You are offline: nothing is offered to you.
      <button type="button" data-testid="go-online" disabled={disabled} onClick={() => work.attempt(work.agent.setStatus("online"))}>Go online</button>
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
