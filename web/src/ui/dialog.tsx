import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren, ComponentType, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Announcer } from "./announcer";
import { Button, IconButton } from "./button";
import { t, word } from "./texts";

/** What a page shows beside every open dialog, since it cannot wait until that is closed. */
export const beside = signal<ComponentType | null>(null);

// Within the dialog, since all else on the page is inert; at its end, so that the focus begins in the dialog's own fields.
function Beside(): JSX.Element | null {
  const Urgent = beside.value;
  return Urgent && <aside class="beside"><Announcer testid="dialog-announcer" /><Urgent /></aside>;
}

interface SheetProps {
  title: string;
  onClose: () => void;
  wide?: boolean;
  testid?: string;
  children: ComponentChildren;
}

/** Something to look at over the page. Drawn only while it is open; Escape closes it, and the focus goes back where it was. */
export function Sheet({ title, onClose, wide, testid = "dialog", children }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(dialog);
  return (
    <dialog ref={dialog} class={wide ? "dialog wide" : "dialog"} aria-labelledby={id} onClose={onClose} onKeyDown={closeFromSearch} data-testid={testid}>
      <div class="sheet">
        <header role="none">
          <h2 id={id} class="foreign">{title}</h2>
          <IconButton icon="close" label={t.close} testid="dialog-close" onPress={() => dialog.current?.close()} />
        </header>
        {children}
      </div>
      <Beside />
    </dialog>
  );
}

interface DialogProps {
  title: string;
  /** The word on the button that does it. */
  confirm: string;
  onClose: () => void;
  onConfirm: () => void;
  isDangerous?: boolean;
  children?: ComponentChildren;
}

/** A question that is answered or given up. Escape and Cancel give up; all close it. */
export function Dialog({ title, confirm, onClose, onConfirm, isDangerous, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(dialog);
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    dialog.current?.close();
    onConfirm();
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={onClose} onKeyDown={closeFromSearch} data-testid="dialog">
      <form onSubmit={submit}>
        <h2 id={id} class="foreign">{title}</h2>
        {children}
        <div class="actions">
          <button class={isDangerous ? "button danger" : "button act"} data-testid="dialog-confirm">{confirm}</button>
          <Button kind="quiet" testid="dialog-cancel" onPress={() => dialog.current?.close()}>{t.cancel}</Button>
        </div>
      </form>
      <Beside />
    </dialog>
  );
}

function useModal(dialog: { current: HTMLDialogElement | null }): void {
  useEffect(() => dialog.current?.showModal(), []);
}

// In a search field browsers take Escape for themselves, to empty it; here it closes what is open, as everywhere.
function closeFromSearch(event: KeyboardEvent): void {
  const { key, target } = event;
  if (key !== "Escape" || !(target instanceof HTMLInputElement) || target.type !== "search") return;
  event.preventDefault();
  target.closest("dialog")?.close();
}

interface CodeDialogProps extends Omit<DialogProps, "onConfirm"> {
  /** The usual reasons. None is chosen beforehand: it would be counted for everybody in a hurry. */
  codes: readonly string[];
  onConfirm: (code: string) => void;
}

/** Ask for a reason: one of the usual codes, or another one. */
export function CodeDialog({ codes, onConfirm, children, ...rest }: CodeDialogProps): JSX.Element {
  const chosen = useSignal("");
  const other = useSignal("");
  const wrong = useSignal("");
  const form = useRef<HTMLDivElement>(null);
  // Said in our words, beside the choices, and not in the browser's over them.
  function missed(event: Event): void {
    event.preventDefault();
    wrong.value = other.value === "" ? t.chooseReason : t.codeRule;
    form.current?.querySelector<HTMLElement>("input:invalid")?.focus();
  }
  return (
    <Dialog {...rest} onConfirm={() => onConfirm(other.value.trim() || chosen.value)}>
      <div ref={form} class="code-choice" onInvalidCapture={missed} onInput={() => (wrong.value = "")}>
        {codes.length > 0 && (
          <fieldset class="choices">
            <legend>{t.reason}</legend>
            {codes.map((code) => (
              <label class="choice" key={code}>
                <input type="radio" name="reason" value={code} required={other.value === ""} data-testid={`reason-${code.replaceAll(" ", "-")}`}
                  checked={chosen.value === code && other.value === ""}
                  onChange={() => {
                    chosen.value = code;
                    other.value = "";
                  }} />
                {word({}, code)}
              </label>
            ))}
          </fieldset>
        )}
        <CodeField label={codes.length > 0 ? t.anotherReason : t.reason} value={other.value} isRequired={codes.length === 0} testid="reason-other"
          onInput={(text) => (other.value = text)} />
        {wrong.value && <p class="wrong" role="alert" data-testid="reason-wrong">{wrong.value}</p>}
      </div>
      {children}
    </Dialog>
  );
}

interface CodeFieldProps {
  label: string;
  value: string;
  onInput: (text: string) => void;
  isRequired?: boolean;
  testid?: string;
}

/** A code is stored and counted, so it is short and plain. */
export function CodeField({ label, value, onInput, isRequired, testid }: CodeFieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input class="input" id={id} data-testid={testid} value={value} required={isRequired} maxLength={64} autocomplete="off"
        pattern="[A-Za-z0-9][A-Za-z0-9._ \-]*" title={t.codeRule} aria-describedby={`${id}-rule`} onInput={(event) => onInput(event.currentTarget.value)} />
      <small class="rule" id={`${id}-rule`}>{t.codeRule}</small>
    </div>
  );
}
