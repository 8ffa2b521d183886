import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { QueueOverview } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { CodeDialog, Dialog } from "../../ui/dialog";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { Latest } from "../latest";

const PAUSE_REASONS = ["incident", "staff meeting", "nobody there"] as const;

/** Pause, drain, go on. */
export function QueueActions({ state }: { state: QueueOverview }): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const asked = useSignal<"pause" | "drain" | null>(null);
  const { queue, paused, draining } = state;
  const said = useMemo(() => new Latest(), [queue]);
  const close = (): void => void (asked.value = null);
  return (
    <div class="actions" role="toolbar" aria-label={f.actions}>
      {(paused || draining) && <Button kind="act" testid="resume-queue" onPress={() => act(notices, w.resumeQueue, () => supervisor.resumeQueue(queue), w.isResumed(queue), said)}>{w.resumeQueue}</Button>}
      {!paused && <Button testid="pause-queue" onPress={() => void (asked.value = "pause")}>{w.pauseQueue}</Button>}
      {!draining && <Button testid="drain-queue" onPress={() => void (asked.value = "drain")}>{w.drainQueue}</Button>}
      {asked.value === "pause" && (
        <CodeDialog title={w.pauseTitle(queue)} confirm={w.confirmPause} isDangerous codes={PAUSE_REASONS} onClose={close}
          onConfirm={(reason) => void act(notices, w.confirmPause, () => supervisor.pauseQueue(queue, reason), w.isPaused(queue), said)}><p>{w.pauseRule}</p></CodeDialog>
      )}
      {asked.value === "drain" && (
        <Dialog title={w.drainTitle(queue)} confirm={w.confirmDrain} isDangerous onClose={close} onConfirm={() => void act(notices, w.confirmDrain, () => supervisor.drainQueue(queue), w.isDraining(queue), said)}>
          <p>{w.drainRule}</p>
        </Dialog>
      )}
    </div>
  );
}
