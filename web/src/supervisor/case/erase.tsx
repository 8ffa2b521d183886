import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Administrator, CasebatonError } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { r } from "../../ui/texts/reports";
import { refusal } from "../act";
import { useDashboard } from "../dashboard";

/** Lets an administrator erase a customer: asked twice, since nothing brings it back. */
export function Erase({ customer }: { customer: string }): JSX.Element | null {
  const { client, notices } = useDashboard();
  const asked = useSignal<0 | 1 | 2>(0);
  if (client.role !== "admin" || customer === "") return null;
  const close = (at: 1 | 2) => (): void => void (asked.value === at && (asked.value = 0));
  async function erase(): Promise<void> {
    try {
      notices.add(r.erased(await new Administrator(client).eraseCustomer(customer)));
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      notices.add(f.notDone(r.eraseConfirm, refusal(error)));
    }
  }
  return (
    <div>
      <Button kind="danger" testid="erase" onPress={() => void (asked.value = 1)}>{r.erase}</Button>
      {asked.value === 1 && <Dialog title={r.eraseTitle(plain(customer))} confirm={r.eraseNext} isDangerous onClose={close(1)} onConfirm={() => void (asked.value = 2)}><p>{r.eraseGoes}</p><p>{r.eraseStays}</p></Dialog>}
      {asked.value === 2 && <Dialog title={r.eraseTitle(plain(customer))} confirm={r.eraseConfirm} isDangerous onClose={close(2)} onConfirm={() => void erase()}><p>{r.eraseAgain}</p></Dialog>}
    </div>
  );
}
