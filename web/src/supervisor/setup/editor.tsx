import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { Administrator, CasebatonError, type Config, type ConfigEffect, type Document } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { s } from "../../ui/texts/setup";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { locate } from "./differences";
import { draft, draftOf } from "./draft";
import { Effect, Refused } from "./effect";

type Tried = { of: string } & ({ effect: ConfigEffect; document: Document } | { error: CasebatonError } | { wrong: string });

/** A document that is changed and tried; whoever may, applies it once a try has found no fault. */
export function Editor({ current }: { current: Config }): JSX.Element {
  const { supervisor } = useDashboard();
  const tried = useSignal<Tried | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const fresh = useMemo(() => draftOf(current), [current]);
  const { text, version } = draft.value ?? fresh;
  const result = tried.value?.of === text ? tried.value : null; // of another text it tells nothing
  const isGood = result !== null && "effect" in result;
  async function tryIt(): Promise<void> {
    const document = parsed(text);
    if (typeof document === "string") tried.value = { of: text, wrong: document };
    else
      try {
        tried.value = { of: text, document, effect: await supervisor.previewConfig(document, { previous: version }) };
      } catch (error) {
        if (!(error instanceof CasebatonError)) throw error;
        tried.value = { of: text, error };
      }
  }
  function show(path: string): void {
    const place = locate(text, path);
    if (!place || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(...place);
    const lines = text.slice(0, place[0]).split("\n").length;
    area.current.scrollTop = (area.current.scrollHeight * Math.max(0, lines - 4)) / text.split("\n").length;
  }
  return (
    <div class="editor">
      <div class="written">
        <p class="actions">
          <span class="soft">{s.basedOn(version)}</span>
          <Button kind="quiet" testid="begin-anew" onPress={() => void (draft.value = null)}>{s.startAnew}</Button>
        </p>
        {version !== current.version && <p class="wrong">{s.isOld(current.version)}</p>}
        <textarea ref={area} class="input code" aria-label={s.editLabel} spellcheck={false} value={text} data-testid="document-editor" onInput={(event) => (draft.value = { version, text: event.currentTarget.value })} />
      </div>
      <div class="result">
        <div class="actions">
          <Button kind={isGood ? "plain" : "act"} testid="try" onPress={tryIt}>{s.tryIt}</Button>
          {isGood && <Apply document={result.document} effect={result.effect} version={version} />}
          <span class="soft">{s.editRule}</span>
        </div>
        {result && <Result of={result} onShow={show} />}
      </div>
    </div>
  );
}

function Result({ of, onShow }: { of: Tried; onShow: (path: string) => void }): JSX.Element {
  if ("wrong" in of) return <p class="wrong" role="alert" data-testid="no-json">{of.wrong}</p>;
  return "error" in of ? <Refused error={of.error} onShow={onShow} /> : <Effect effect={of.effect} />;
}

/** The document, or what keeps the text from being one. */
function parsed(text: string): Document | string {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && !Array.isArray(document) ? (document as Document) : s.noObject;
  } catch (error) {
    return s.noJson((error as SyntaxError).message);
  }
}

function Apply({ document, effect, version }: { document: Document; effect: ConfigEffect; version: number }): JSX.Element | null {
  const { client, notices } = useDashboard();
  const isAsking = useSignal(false);
  if (client.role !== "admin") return <span class="soft">{s.onlyAdmin}</span>;
  if (effect.is_unchanged || effect.refusals.length > 0) return null;
  async function apply(): Promise<void> {
    const isDone = await act(notices, s.applyTitle(version), () => new Administrator(client).applyConfig(document, { previous: version }), s.applied);
    if (isDone) draft.value = null;
  }
  return (
    <>
      <Button kind="act" testid="apply" onPress={() => void (isAsking.value = true)}>{s.apply}</Button>
      {isAsking.value && <Dialog title={s.applyTitle(version)} confirm={s.apply} isDangerous onClose={() => (isAsking.value = false)} onConfirm={() => void apply()}><p>{s.applyRule}</p></Dialog>}
    </>
  );
}
