import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Administrator, CasebatonError, CommandRefused, type Finding, type RosterPut } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { Check, TextField } from "../../ui/fields";
import { Badge, type Meaning } from "../../ui/marks";
import { word } from "../../ui/texts";
import { s } from "../../ui/texts/setup";
import { refusal } from "../act";
import { useDashboard } from "../dashboard";
import { type Flaw, type Rows, readRows } from "./rows";

const r = s.roster;
type Result = { of: string; isDone: boolean } & ({ put: RosterPut } | { error: CasebatonError; read: Rows } | { flaw: Flaw });

/** Rows from a file or a text: tried first, with what would become of each; then done. */
export function Import({ onClose, onChanged }: { onClose: () => void; onChanged: () => Promise<void> }): JSX.Element {
  const { client } = useDashboard();
  const text = useSignal("");
  const removeMissing = useSignal(false);
  const result = useSignal<Result | null>(null);
  const of = `${removeMissing.value} ${text.value}`;
  const shown = result.value && (result.value.of === of || result.value.isDone) ? result.value : null; // of another text it tells nothing
  const mayDo = shown !== null && !shown.isDone && "put" in shown;
  async function put(isDone: boolean): Promise<void> {
    const read = readRows(text.value);
    if (!("rows" in read)) return void (result.value = { of, isDone: false, flaw: read });
    try {
      result.value = { of, isDone, put: await new Administrator(client).putRoster(read.rows, { removeMissing: removeMissing.value, dryRun: !isDone }) };
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      result.value = { of, isDone: false, error, read };
    }
    if (isDone) await onChanged();
  }
  return (
    <Sheet title={r.importTitle} onClose={onClose} wide testid="import-sheet">
      <p class="soft">{r.importRule}</p>
      <label class="field">
        <span>{r.file}</span>
        <input class="input" type="file" accept=".csv,.json,text/csv,application/json" data-testid="import-file" onChange={({ currentTarget: { files } }) => void files?.[0]?.text().then((content) => (text.value = content))} />
      </label>
      <TextField label={r.text} lines={8} value={text.value} testid="import-text" onInput={(value) => (text.value = value)} />
      <Check label={r.removeMissing} value={removeMissing.value} testid="remove-missing" onChange={(isOn) => (removeMissing.value = isOn)} />
      <div class="actions">
        <Button kind={mayDo ? "plain" : "act"} testid="try-import" onPress={() => put(false)}>{r.tryIt}</Button>
        {mayDo && <Button kind="act" testid="do-import" onPress={() => put(true)}>{r.doIt}</Button>}
      </div>
      {shown && <Shown result={shown} />}
    </Sheet>
  );
}

function Shown({ result }: { result: Result }): JSX.Element {
  if ("flaw" in result) return <p class="wrong" role="alert" data-testid="import-flaw">{flawWords(result.flaw)}</p>;
  if ("error" in result) return <Faults error={result.error} read={result.read} />;
  return <Outcomes put={result.put} isDone={result.isDone} />;
}

function flawWords(flaw: Flaw): string {
  const says = { quote: r.quoteOpen, no_agent: r.noAgentColumn, empty: r.noRows, column: "name" in flaw ? r.unknownColumn(flaw.name) : "", json: "says" in flaw ? s.noJson(flaw.says) : "" };
  return r.rowFault(flaw.line, says[flaw.flaw]);
}

function Faults({ error, read: { lines } }: { error: CasebatonError; read: Rows }): JSX.Element {
  const faults = error instanceof CommandRefused ? error.faults : [];
  if (faults.length === 0) return <p class="wrong" role="alert" data-testid="refused">{s.refused(refusal(error))}</p>;
  // "$[2].capacity" is of the third row, which began in a line of the text
  const said = ({ path, says }: Finding): string => {
    const [, index = "", field = ""] = /^\$\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
    return index === "" ? `${path}: ${says}` : r.rowFault(lines[Number(index)] ?? 0, field ? `${field}: ${says}` : says);
  };
  return (
    <section class="findings mark-late" role="alert" data-testid="refused">
      <h3>{s.faults(faults.length)}</h3>
      <ul>{faults.map((fault) => <li key={fault.path + fault.says} class="foreign">{said(fault)}</li>)}</ul>
    </section>
  );
}

const MEANINGS: Readonly<Record<string, Meaning>> = { created: "ready", changed: "act", removed: "soon", refused: "late" };

function Outcomes({ put: { results, warnings }, isDone }: { put: RosterPut; isDone: boolean }): JSX.Element {
  const counts = new Map<string, number>();
  for (const { done } of results) counts.set(done, (counts.get(done) ?? 0) + 1);
  return (
    <section class="part" role="status" data-testid="import-results">
      <h3>{isDone ? r.happened : r.tried}</h3>
      <p class="actions">{[...counts].map(([done, count]) => <Badge key={done} meaning={MEANINGS[done] ?? "waits"}>{`${word(r.outcomes, done)}: ${r.many(count)}`}</Badge>)}</p>
      <div class="scrolls" tabIndex={0} role="region" aria-label={isDone ? r.happened : r.tried}>
        <table>
          <tbody>{results.map(({ agent, done, detail = "" }) => <tr key={agent} data-testid="import-row"><th scope="row" class="foreign">{agent}</th><td><Badge meaning={MEANINGS[done] ?? "waits"}>{word(r.outcomes, done)}</Badge></td><td class="foreign">{detail}</td></tr>)}</tbody>
        </table>
      </div>
      {warnings.length > 0 && <div class="findings mark-soon"><h3>{s.warnings}</h3><ul>{warnings.map(({ path, says }) => <li key={path + says} class="foreign">{path}: {says}</li>)}</ul></div>}
    </section>
  );
}
