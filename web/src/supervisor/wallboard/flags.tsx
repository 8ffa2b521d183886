import type { JSX } from "preact";
import { Foreign } from "../../ui/foreign";
import { Icon } from "../../ui/icons";
import { f } from "../../ui/texts/floor";
import { Age } from "../../ui/time";
import { useDashboard } from "../dashboard";
import type { AgentRow } from "../floor/floor";
import { href } from "../route";

const MOST = 20; // the agents table shows all

/** Who calls for a supervisor, the longest first. */
export function Flags(): JSX.Element {
  const flags = useDashboard().floor.flags.value;
  return (
    <section class="panel flags" aria-labelledby="flags">
      <header class="panel-head"><h2 id="flags">{f.flagsHead}</h2></header>
      {flags.length === 0 ? <p class="soft">{f.noFlags}</p> : <ul>{flags.slice(0, MOST).map((row) => <Raised row={row} key={row.id} />)}</ul>}
    </section>
  );
}

function Raised({ row }: { row: AgentRow }): JSX.Element | null {
  const { flag, name, agent } = row.state.value;
  if (!flag) return null;
  return (
    <li class="mark-soon" data-testid="flag">
      <Icon name="flag" />
      <a href={href("agent", agent)}><Foreign text={name || agent} /></a>
      <Age since={flag.raised_at_ms} class="soft" />
      {flag.text && <p><Foreign text={flag.text} /></p>}
    </li>
  );
}
