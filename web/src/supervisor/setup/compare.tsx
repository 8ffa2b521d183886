import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Config, ConfigVersion } from "../../sdk/index.ts";
import { Select } from "../../ui/fields";
import { Empty, Failed, Loading } from "../../ui/states";
import { s } from "../../ui/texts/setup";
import { refusal } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { differences, shown } from "./differences";

/** What a version says otherwise than another one, by default the one before it. */
export function Compare({ config, versions }: { config: Config; versions: readonly ConfigVersion[] }): JSX.Element {
  const { supervisor } = useDashboard();
  const at = versions.findIndex(({ version }) => version === config.version);
  const chosen = useSignal(0);
  const before = chosen.value || versions[at + 1]?.version || config.version;
  const { answer, failure, again } = useAnswer(() => supervisor.config(before), before);
  const others = versions.filter(({ version }) => version !== config.version);
  if (others.length === 0) return <Empty title={s.noDifference} />;
  const found = answer ? differences(answer.document, config.document) : [];
  return (
    <div class="compare" data-testid="compare">
      <div class="columns">
        <Select label={s.compareFrom} value={String(before)} testid="compare-from" onChange={(value) => (chosen.value = Number(value))}>
          {others.map(({ version }) => <option value={version} key={version}>{s.version(version)}</option>)}
        </Select>
        <p class="soft">{s.compareTo} {s.version(config.version)}{answer && ` · ${s.differences(found.length)}`}</p>
      </div>
      {failure ? <Failed title={s.notRead} onRetry={again}>{refusal(failure)}</Failed> : !answer ? <Loading /> : found.length === 0 ? <Empty title={s.noDifference} /> : (
        <div class="scrolls" tabIndex={0} role="region" aria-label={s.tabs.compare}>
          <table>
            <thead><tr><th>{s.path}</th><th>{s.before}</th><th>{s.after}</th></tr></thead>
            <tbody>{found.map(({ path, before: was, after }) => <tr key={path} data-testid="difference"><th scope="row"><code>{path}</code></th><td>{value(was)}</td><td>{value(after)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function value(of: unknown): JSX.Element {
  return of === undefined ? <span class="soft">{s.absent}</span> : <span class="foreign">{shown(of)}</span>;
}
