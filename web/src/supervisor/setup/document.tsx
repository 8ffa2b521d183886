import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Button } from "../../ui/button";
import { Check } from "../../ui/fields";
import { Failed, Loading } from "../../ui/states";
import { word } from "../../ui/texts";
import { s } from "../../ui/texts/setup";
import { refusal } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { saveFile } from "../save-file";
import { shown } from "./differences";

type Document = Readonly<Record<string, unknown>>;

const ORDER = ["workspace", "queues", "channels", "hours", "targets", "plans", "statuses", "skills", "skill_rules", "effects", "alerts"];

/** A document as tables: a part for each section, a row for each thing in it, with what is set. */
export function Tables({ document }: { document: Document }): JSX.Element {
  const sections = [...ORDER.filter((name) => name in document), ...Object.keys(document).filter((name) => !ORDER.includes(name))];
  return (
    <div class="document" data-testid="document">
      {sections.map((section) => (
        <section class="panel" key={section} aria-label={word(s.sections, section)} data-testid={`section-${section}`}>
          <h2>{word(s.sections, section)}</h2>
          <Section name={section} content={document[section]} />
        </section>
      ))}
    </div>
  );
}

function Section({ name, content }: { name: string; content: unknown }): JSX.Element {
  if (Array.isArray(content)) {
    if (content.length === 0) return <p class="soft">{s.noEntries}</p>;
    if (content.every((each) => typeof each !== "object")) return <ul class="chips">{content.map((each) => <li key={String(each)} class="foreign">{String(each)}</li>)}</ul>;
    return <Rows rows={content.map((each, index) => [String(index + 1), each as Document])} />;
  }
  const table = (content ?? {}) as Document;
  if (name === "workspace") return <Settings of={table} />;
  const rows = Object.entries(table) as [string, Document][];
  return rows.length === 0 ? <p class="soft">{s.noEntries}</p> : <Rows rows={rows} />;
}

function Rows({ rows }: { rows: readonly [string, Document][] }): JSX.Element {
  return <dl class="things">{rows.map(([id, fields]) => <div key={id}><dt class="foreign">{id}</dt><dd><Settings of={fields} /></dd></div>)}</dl>;
}

/** What is nothing is not said: null, an empty list or table, false. */
function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false && !(typeof value === "object" && Object.keys(value).length === 0);
}

function Settings({ of }: { of: Document }): JSX.Element {
  return <ul class="settings">{Object.entries(of).filter(([, value]) => isSet(value)).map(([field, value]) => <li key={field}><span class="soft">{field}</span> <b class="foreign">{shown(value)}</b></li>)}</ul>;
}

/** A version as TOML, to be copied or saved. */
export function Text({ version }: { version: number }): JSX.Element {
  const { notices, supervisor } = useDashboard();
  const isWhole = useSignal(false);
  const { answer, failure, again } = useAnswer(() => supervisor.config(version, isWhole.value ? "all" : "changed"), `${version} ${isWhole.value}`);
  if (failure && !answer) return <Failed title={s.notRead} onRetry={again}>{refusal(failure)}</Failed>;
  if (!answer) return <Loading />;
  const text = answer.toml ?? "";
  return (
    <div class="as-text">
      <div class="actions">
        <Button onPress={() => navigator.clipboard.writeText(text).then(() => notices.add(s.copied), () => {}) /* refused by the browser: the text can be marked */}>{s.copy}</Button>
        <Button kind="quiet" onPress={() => saveFile(`configuration-${version}.toml`, "application/toml", text)}>{s.save}</Button>
        <Check label={s.withDefaults} value={isWhole.value} testid="with-defaults" onChange={(isOn) => (isWhole.value = isOn)} />
        <span class="soft">{s.noComments}</span>
      </div>
      <pre class="data foreign" tabIndex={0} data-testid="document-text">{text}</pre>
    </div>
  );
}
