import type { AgentState, Case, ChannelSummary, ConnectionState } from "../sdk/index";
import type { Work } from "./work";

/** How many cases go back to their queues once their agent is offline, and how many stay. Parked ones stay in any case. */
export function onceOffline(cases: readonly Case[], channels: Readonly<Record<string, ChannelSummary>>): { back: number; stay: number } {
  const goesBack = ({ state, channel = "" }: Case): boolean => (state === "active" || state === "wrapping") && channels[channel]?.on_offline === "return";
  const back = cases.filter(goesBack).length;
  return { back, stay: cases.length - back };
}

type Leaver = Pick<Work, "agent" | "sheet" | "attempt" | "state">;

/** Can a status be set that is not set yet? Without a connection none can. */
export function mayGoOffline(me: AgentState | null, state: ConnectionState): boolean {
  return state === "connected" && me !== null && me.status !== "offline";
}

/** Sign out by `leave`; with cases in hand that is asked about first. */
export async function signOut(work: Leaver, leave: () => void): Promise<void> {
  if (work.agent.desk.length > 0) work.sheet.value = "leaving";
  else await leaveOffline(work, leave);
}

/** Sign out as offline, so that nothing is given to who has gone and nobody takes it for a lost connection. Stays when that is refused. */
export async function leaveOffline(work: Leaver, leave: () => void): Promise<void> {
  if (!mayGoOffline(work.agent.me, work.state) || (await work.attempt(work.agent.setStatus("offline")))) leave();
}
