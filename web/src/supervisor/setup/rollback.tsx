import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Administrator } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { Loading } from "../../ui/states";
import { s } from "../../ui/texts/setup";
import { act } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { Effect, Refused } from "./effect";

/** What bringing an old version back would do; whoever may, does it. */
export function Rollback({ version, current }: { version: number; current: number }): JSX.Element {
  const isAsking = useSignal(false);
  const { client } = useDashboard();
  return (
    <>
      <Button testid="rollback" onPress={() => void (isAsking.value = true)}>{client.role === "admin" ? s.rollBack : s.tryRollback}</Button>
      {isAsking.value && <RollbackSheet version={version} current={current} onClose={() => (isAsking.value = false)} />}
    </>
  );
}

function RollbackSheet({ version, current, onClose }: { version: number; current: number; onClose: () => void }): JSX.Element {
  const { client, supervisor, notices } = useDashboard();
  const { answer, failure } = useAnswer(() => supervisor.previewRollback(version, { previous: current }), version);
  async function bringBack(): Promise<void> {
    if (await act(notices, s.rollbackTitle(version), () => new Administrator(client).rollbackConfig(version, { previous: current }), s.applied)) onClose();
  }
  return (
    <Sheet title={s.rollbackTitle(version)} onClose={onClose} wide testid="rollback-sheet">
      {failure ? <Refused error={failure} /> : answer ? <Effect effect={answer} /> : <Loading />}
      {client.role !== "admin" ? <p class="soft">{s.onlyAdmin}</p> : answer && !answer.is_unchanged && answer.refusals.length === 0 && <div class="actions"><Button kind="danger" testid="confirm-rollback" onPress={bringBack}>{s.rollBack}</Button></div>}
    </Sheet>
  );
}
