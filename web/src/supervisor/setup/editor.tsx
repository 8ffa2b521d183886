import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Administrator, CasebatonError, type Config, type ConfigEffect } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failed, Loading } from "../../ui/states";
import { s } from "../../ui/texts/setup";
import { act, refusal } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { type Draft, draft } from "./draft";
import { Effect, Refused } from "./effect";
import { locateToml } from "./toml-place";

type Tried = { of: string } & ({ effect: ConfigEffect } | { error: CasebatonError });

/** A document that is changed and tried; whoever may, applies it once a try has found no fault. */
export function Editor({ current }: { current: Config }): JSX.Element {
  const { supervisor } = useDashboard();
  const { answer, failure, again } = useAnswer(() => supervisor.config(current.version, "changed"), current.version);
  if (failure && !answer) return <Failed title={s.notRead} onRetry={again}>{refusal(failure)}</Failed>;
  return answer ? <Changing current={current} fresh={{ version: answer.version, text: answer.toml ?? "" }} /> : <Loading />;
}

function Changing({ current, fresh }: { current: Config; fresh: Draft }): JSX.Element {
  const { supervisor } = useDashboard();
  const tried = useSignal<Tried | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, version } = draft.value ?? fresh;
  const result = tried.value?.of === text ? tried.value : null; // of another text it tells nothing
  const isGood = result !== null && "effect" in result;
  async function tryIt(): Promise<void> {
    try {
      tried.value = { of: text, effect: await supervisor.previewConfig(text, { previous: version }) };
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      tried.value = { of: text, error };
    }
  }
  function show(path: string): void {
    const place = locateToml(text, path);
    if (!place || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(...place);
    const lines = text.slice(0, place[0]).split("\n").length;
    area.current.scrollTop = (area.current.scrollHeight * Math.max(0, lines - 4)) / text.split("\n").length;
  }
  const lineOf = (path: string): number | null => {
    const place = locateToml(text, path);
    return place && text.slice(0, place[0]).split("\n").length;
  };
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
          {isGood && <Apply document={text} effect={result.effect} version={version} />}
          <span class="soft">{s.editRule} {s.noComments}</span>
        </div>
        {result && <Result of={result} lineOf={lineOf} onShow={show} />}
      </div>
    </div>
  );
}

function Result({ of, lineOf, onShow }: { of: Tried; lineOf: (path: string) => number | null; onShow: (path: string) => void }): JSX.Element {
  return "error" in of ? <Refused error={of.error} lineOf={lineOf} onShow={onShow} /> : <Effect effect={of.effect} />;
}

function Apply({ document, effect, version }: { document: string; effect: ConfigEffect; version: number }): JSX.Element | null {
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
