import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Config, ConfigVersion } from "../../sdk/index.ts";
import { formatDate } from "../../ui/format";
import { Badge } from "../../ui/marks";
import { Failed, Loading } from "../../ui/states";
import { Tabs } from "../../ui/tabs";
import { actor } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { s } from "../../ui/texts/setup";
import { refusal } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { type Route, href } from "../route";
import { Compare } from "./compare";
import { Tables, Text } from "./document";
import { Editor } from "./editor";
import { Rollback } from "./rollback";

/** The configuration with its last versions: what each says, what it changed, and what a change would do. */
export function ConfigurationScreen({ route }: { route: Route }): JSX.Element {
  const { supervisor, configuration } = useDashboard();
  const current = configuration.config.value;
  const { answer: versions, failure, again } = useAnswer(() => supervisor.configVersions(), current?.version);
  if (failure && !versions) return <Failed title={s.notRead} onRetry={again}>{refusal(failure)}</Failed>;
  if (!current || !versions) return <Loading />;
  const wanted = Number(route.id) || current.version;
  return (
    <div class="configuration" data-testid="configuration">
      <Versions versions={versions} current={current.version} shown={wanted} />
      <div class="shown">
        {wanted === current.version ? <Shown config={current} versions={versions} current={current} key="current" /> : <Earlier version={wanted} versions={versions} current={current} key={wanted} />}
      </div>
    </div>
  );
}

function Versions({ versions, current, shown }: { versions: readonly ConfigVersion[]; current: number; shown: number }): JSX.Element {
  return (
    <nav class="versions" aria-label={s.versions}>
      <h1>{f.screenNames.configuration}</h1>
      <ol>
        {versions.map(({ version, at_ms, actor: by }) => (
          <li key={version}>
            <a href={href("configuration", version === current ? "" : String(version))} class="place" aria-current={version === shown ? "page" : undefined} data-testid="version" data-version={version}>
              <span><b>{s.version(version)}</b> {version === current && <Badge meaning="act">{s.inForce}</Badge>}</span>
              <small class="soft">{s.by(actor(by), formatDate(at_ms))}</small>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Earlier({ version, versions, current }: { version: number; versions: readonly ConfigVersion[]; current: Config }): JSX.Element {
  const { supervisor } = useDashboard();
  const { answer, failure, again } = useAnswer(() => supervisor.config(version), version);
  if (failure) return <Failed title={s.notRead} onRetry={again}>{refusal(failure)}</Failed>;
  return answer ? <Shown config={answer} versions={versions} current={current} /> : <Loading />;
}

interface ShownProps {
  config: Config;
  versions: readonly ConfigVersion[];
  current: Config;
}

function Shown({ config, versions, current }: ShownProps): JSX.Element {
  const chosen = useSignal("document");
  const isCurrent = config.version === current.version;
  const tabs = (["document", "text", "compare", ...(isCurrent ? ["edit" as const] : [])] as const).map((key) => ({ key, label: s.tabs[key] }));
  return (
    <>
      <header class="screen-head">
        <h2>{s.version(config.version)}</h2>
        <span class="soft">{s.by(actor(config.actor), formatDate(config.at_ms))}</span>
        <span class="spring" />
        {!isCurrent && <Rollback version={config.version} current={current.version} />}
      </header>
      <Tabs name={s.version(config.version)} tabs={tabs} chosen={chosen}>
        {(key) => (key === "text" ? <Text version={config.version} /> : key === "compare" ? <Compare config={config} versions={versions} /> : key === "edit" ? <Editor current={current} /> : <Tables document={config.document} />)}
      </Tabs>
    </>
  );
}
