import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  confirm: string;
  onClose: () => void;
  onConfirm: () => void;
  children: ComponentChildren;
}

/** A modal question. Escape, Cancel and Confirm all close it; drawn only while it is open. */
export function Dialog({ title, confirm, onClose, onConfirm, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    dialog.current?.close();
    onConfirm();
  }
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={title} data-testid="dialog">
      <form onSubmit={submit}>
        <h3 class="foreign">{title}</h3>
        {children}
        <div class="actions">
          <button class="primary" data-testid="dialog-confirm">{confirm}</button>
          <button type="button" data-testid="dialog-cancel" onClick={() => dialog.current?.close()}>Cancel</button>
        </div>
      </form>
    </dialog>
  );
}

interface CodeDialogProps extends Omit<DialogProps, "onConfirm" | "children"> {
  /** The usual reasons. None is chosen beforehand: it would be counted for everybody in a hurry. */
  codes: readonly string[];
  onConfirm: (code: string) => void;
  children?: ComponentChildren;
}

/** Ask for a reason: one of the usual codes, or another one. */
export function CodeDialog({ codes, onConfirm, children, ...rest }: CodeDialogProps): JSX.Element {
  const chosen = useSignal("");
  const other = useSignal("");
  return (
    <Dialog {...rest} onConfirm={() => onConfirm(other.value.trim() || chosen.value)}>
      <fieldset class="choices">
        <legend>Reason</legend>
        {codes.map((code) => (
          <label key={code}>
            <input type="radio" name="reason" value={code} required={other.value === ""} data-testid={`reason-${code.replaceAll(" ", "-")}`}
              checked={chosen.value === code && other.value === ""}
              onChange={() => {
                chosen.value = code;
                other.value = "";
              }} />
            {code}
          </label>
        ))}
      </fieldset>
      <label>
        Another reason
        <CodeInput testid="reason-other" value={other.value} onInput={(text) => (other.value = text)} />
        <CodeRule />
      </label>
      {children}
    </Dialog>
  );
}

interface CodeInputProps {
  testid: string;
  value: string;
  onInput: (text: string) => void;
  id?: string;
}

const CODE_RULE = "Letters a–z, digits, spaces and . _ -, at most 64";

/** A code is stored and counted, so it is short and plain. */
export function CodeInput({ testid, value, onInput, id }: CodeInputProps): JSX.Element {
  return (
    <input id={id} data-testid={testid} value={value} maxLength={64} autocomplete="off" pattern="[A-Za-z0-9][A-Za-z0-9._ \-]*"
      title={CODE_RULE} onInput={(event) => onInput(event.currentTarget.value)} />
  );
}

export function CodeRule(): JSX.Element {
  return <small class="rule">{CODE_RULE}</small>;
}
