import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { t } from "../ui/texts";
import { c } from "../ui/texts/case";

interface CompleteFormProps {
  /** The usual outcomes; others may be written. */
  dispositions: readonly string[];
  /** The outcome that was given when the wrap-up began. */
  given: string;
  isOff: boolean;
  /** Completing is not what comes next, and something else stands beside it that is. */
  isAside?: boolean;
  /** What is asked first, once, where a mere slip would leave something out. */
  question?: string | undefined;
  onComplete: (disposition: string) => Promise<boolean>;
  onWrapUp?: (disposition: string) => Promise<boolean>;
}

/** How it ended, and that it did. */
export function CompleteForm({ dispositions, given, isOff, isAside, question, onComplete, onWrapUp }: CompleteFormProps): JSX.Element {
  const disposition = useSignal(given);
  const form = useSignal<HTMLFormElement | null>(null);
  const isSending = useSignal(false);
  const isAsking = useSignal(false);
  const id = useId();
  async function send(end: (disposition: string) => Promise<boolean>): Promise<boolean> {
    if (isSending.value || !form.value!.reportValidity()) return false;
    isSending.value = true;
    try {
      return await end(disposition.value.trim());
    } finally {
      isSending.value = false;
    }
  }
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (question && !isSending.value) isAsking.value = true;
    else void send(onComplete);
  }
  return (
    <>
      <form ref={(node) => void (form.value = node)} class="complete" onSubmit={submit}>
        <label for={id}>{c.outcome}</label>
        <input class="input" id={id} list={`${id}-usual`} value={disposition.value} maxLength={64} autocomplete="off" pattern="[A-Za-z0-9][A-Za-z0-9._ \-]*"
          title={t.codeRule} aria-describedby={`${id}-rule`} data-testid="disposition" onInput={(event) => (disposition.value = event.currentTarget.value)} />
        <datalist id={`${id}-usual`}>{dispositions.map((code) => <option value={code} key={code} />)}</datalist>
        <button class={isAside ? "button" : "button act"} disabled={isOff} aria-disabled={isSending.value ? "true" : undefined} data-testid="case-complete">{isSending.value ? c.completing : c.complete}</button>
        {onWrapUp && <Button testid="case-wrap" disabled={isOff} onPress={() => send(onWrapUp)}>{c.wrapUp}</Button>}
        <small class="rule" id={`${id}-rule`}>{t.codeRule}</small>
      </form>
      {isAsking.value && <Dialog title={question ?? c.complete} confirm={c.complete} onClose={() => (isAsking.value = false)} onConfirm={() => void send(onComplete)} />}
    </>
  );
}
