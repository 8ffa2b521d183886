import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { NodeHealth, ServerHealth, SystemHealth } from "../../sdk/index.ts";
import { formatBytes, formatDuration, formatNumber } from "../../ui/format";
import { Badge, Baton, type Meaning } from "../../ui/marks";
import { Empty } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { s } from "../../ui/texts/setup";
import { onTick } from "../../ui/ticker";
import { Age, LiveText } from "../../ui/time";
import { useDashboard } from "../dashboard";
import { type Ill, illsOfNode, illsOfServer } from "./judge";

const h = s.health;
const LOOK_MS = 1_000;

/** How nodes and store are, and what to do when one is not well. */
export function HealthScreen(): JSX.Element {
  const { client } = useDashboard();
  const health = useHealth().value;
  const nowMs = useNow();
  if (!health) return <Empty title={h.notHeard} />;
  const nodes = [...health.nodes].sort((one, other) => one.node.localeCompare(other.node)).map((node) => ({ node, ills: illsOfNode(node, nowMs) }));
  const servers = health.servers.map((server) => ({ server, ills: illsOfServer(server) }));
  const ill = [...nodes, ...servers].filter(({ ills }) => ills.some((each) => each !== "draining")).length;
  const own = client.welcome?.node;
  return (
    <div class="health" data-testid="health">
      <header class="screen-head"><h1>{f.screenNames.health}</h1><Badge meaning={ill > 0 ? "late" : "ready"} testid="health-says">{ill > 0 ? h.bad(ill) : h.good}</Badge></header>
      <section class="panel" aria-labelledby="nodes"><h2 id="nodes">{h.nodes}</h2><ul class="bodies">{nodes.map(({ node, ills }) => <Node key={node.node} node={node} ills={ills} isOwn={node.node === own} />)}</ul></section>
      <section class="panel" aria-labelledby="store"><h2 id="store">{h.store}</h2><ul class="bodies">{servers.map(({ server, ills }) => <Server key={server.server} server={server} ills={ills} />)}</ul></section>
    </div>
  );
}

function useHealth(): ReadonlySignal<SystemHealth | null> {
  const { overview, floor } = useDashboard();
  const shown = useSignal(overview.health);
  useEffect(() => {
    const draw = (): void => void (floor.isPaused.peek() || (shown.value = overview.health));
    const stops = [overview.on("change", ({ health, begins }) => void ((health || begins) && draw())), floor.isPaused.subscribe(draw)];
    return () => stops.forEach((stop) => stop());
  }, [overview]);
  return shown;
}

/** The server's time, once a second: what falls silent tells nothing by itself. */
function useNow(): number {
  const { client } = useDashboard();
  const now = useSignal(client.time.now());
  useEffect(() => onTick((at) => void (at - now.peek() >= LOOK_MS && (now.value = at))), []);
  return now.value;
}

function Node({ node, ills, isOwn }: { node: NodeHealth; ills: readonly Ill[]; isOwn: boolean }): JSX.Element {
  const { node: name, at_ms, since_ms, version, connections = 0, agents = 0, supervisors = 0, loop_lag_ms = 0, log_lag_ms = 0, store_ms = 0, draining } = node;
  const c = h.columns;
  return (
    <Body name={name} ills={ills} badges={<>{isOwn && <Badge meaning="act">{h.isThisOne}</Badge>}{draining && <Badge meaning="soon">{h.draining}</Badge>}</>} testid="node">
      <Fact name={c.heard} of={<Age since={at_ms} />} isIll={ills.includes("silent")} />
      <Fact name={c.version} of={version} />
      <Fact name={c.since} of={<LiveText of={since_ms} read={(now) => formatDuration(now - since_ms)} />} />
      <Fact name={c.connections} of={formatNumber(connections)} />
      <Fact name={c.agents} of={formatNumber(agents)} />
      <Fact name={c.supervisors} of={formatNumber(supervisors)} />
      <Fact name={c.loop} of={h.ms(loop_lag_ms)} isIll={ills.includes("loop")} />
      <Fact name={c.log} of={h.ms(log_lag_ms)} isIll={ills.includes("log")} />
      <Fact name={c.store} of={h.ms(store_ms)} isIll={ills.includes("store")} />
    </Body>
  );
}

function Server({ server, ills }: { server: ServerHealth; ills: readonly Ill[] }): JSX.Element {
  const { server: name, kind = "", version = "", role = "", replicas = 0, memory_bytes = 0, memory_limit_bytes = 0 } = server;
  const c = h.storeColumns;
  return (
    <Body name={name.startsWith("/") ? h.localServer : name} title={name} ills={ills} testid="server">
      <Fact name={c.kind} of={kind || h.noAnswer} isIll={ills.includes("unanswered")} />
      <Fact name={c.version} of={version || "–"} />
      <Fact name={c.role} of={role || "–"} />
      <Fact name={c.replicas} of={formatNumber(replicas)} />
      <Fact name={c.memory} of={h.memoryOf(formatBytes(memory_bytes), memory_limit_bytes > 0 ? formatBytes(memory_limit_bytes) : "")} isIll={ills.includes("memory")} />
    </Body>
  );
}

interface BodyProps {
  name: string;
  /** All of it, where the name is short. */
  title?: string;
  ills: readonly Ill[];
  badges?: ComponentChildren;
  testid: string;
  children: ComponentChildren;
}

/** One of the system's parts, how it is, and what to do. */
function Body({ name, title, ills, badges, testid, children }: BodyProps): JSX.Element {
  const meaning: Meaning = ills.length === 0 ? "ready" : ills.every((each) => each === "draining") ? "soon" : "late";
  return (
    <li class="body-of" data-testid={testid} data-ills={ills.join(" ")}>
      <Baton meaning={meaning} />
      <div>
        <p class="named"><b class="foreign" title={title}>{name}</b>{badges}</p>
        <dl class="vitals">{children}</dl>
        {ills.map((ill) => <p key={ill} class="advice" data-testid="advice">{h.advice[ill]}</p>)}
      </div>
    </li>
  );
}

function Fact({ name, of, isIll }: { name: string; of: ComponentChildren; isIll?: boolean }): JSX.Element {
  return <div class={isIll ? "ill" : undefined}><dt>{name}</dt><dd class="figure">{of}</dd></div>;
}
