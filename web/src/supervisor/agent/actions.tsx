import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AgentOverview } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { CodeDialog, Dialog } from "../../ui/dialog";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { act } from "../act";
import { StatusMenu } from "../agents/status-menu";
import { useDashboard } from "../dashboard";

const REASONS = ["handover", "shift end", "emergency"] as const;

type Asked = { what: "status"; status: string } | { what: "drain" } | { what: "requeue" };

/** What can be done to the agent; what takes work away asks first. */
export function AgentActions({ id, name, agent }: { id: string; name: string; agent: AgentOverview }): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const asked = useSignal<Asked | null>(null);
  const isIdle = agent.active + agent.parked + agent.wrapping === 0; // what rings is taken back
  const close = (): void => void (asked.value = null);
  function setStatus(status: string): void {
    const words = word(codes.statuses, status);
    void act(notices, f.setStatus, () => supervisor.setAgent(id, { status }), f.statusSet(name, words));
  }
  const drain = (): void => void act(notices, f.drain, () => supervisor.drainAgent(id), isIdle ? f.offlineNow(name) : f.drained(name));
  const requeue = (reason: string): void => void act(notices, f.requeueAll, () => supervisor.requeueAgent(id, reason), f.requeued(name));
  const now = asked.value;
  return (
    <div class="actions" role="toolbar" aria-label={f.actions}>
      <StatusMenu team={agent.team} status={agent.label || agent.status} onChoose={(status) => (status === "online" ? setStatus(status) : void (asked.value = { what: "status", status }))} />
      <Button testid="drain" onPress={() => void (asked.value = { what: "drain" })} title={f.drainRule}>{f.drain}</Button>
      <Button testid="requeue" onPress={() => void (asked.value = { what: "requeue" })}>{f.requeueAll}</Button>
      {now?.what === "status" && (
        <Dialog title={f.statusOne(name, word(codes.statuses, now.status))} confirm={f.setStatus} isDangerous onClose={close} onConfirm={() => setStatus(now.status)}>
          <p>{f.takesAway}</p>
        </Dialog>
      )}
      {now?.what === "drain" && <Dialog title={f.drainOne(name)} confirm={f.drain} isDangerous onClose={close} onConfirm={drain}><p>{f.drainRule}</p></Dialog>}
      {now?.what === "requeue" && (
        <CodeDialog title={f.requeueOne(name)} confirm={f.requeueAll} isDangerous codes={REASONS} onClose={close} onConfirm={requeue}><p>{f.requeueRule}</p></CodeDialog>
      )}
    </div>
  );
}
