import type { JSX } from "preact";
import { formatNumber, formatShare } from "../../ui/format";
import { f } from "../../ui/texts/floor";
import { useDashboard } from "../dashboard";
import { STANDINGS, type Standing } from "../floor/standing";
import { StandingDot } from "../floor/standing-dot";
import { href } from "../route";
import { isWall } from "../shell/wall";

/** How many agents stand how to new work; each number leads to them. */
export function AgentsNow(): JSX.Element {
  const { floor } = useDashboard();
  const { agents, standings, labels, offered } = floor.agentTotals.value;
  const flags = floor.flags.value.length;
  return (
    <section class="panel agents-now" aria-labelledby="agents-now">
      <header class="panel-head">
        <h2 id="agents-now">{f.agentsHead}</h2>
        <span class="figure">{formatNumber(agents)}</span>
      </header>
      {agents > 0 && <Share standings={standings} agents={agents} />}
      <ul class="standings">
        {STANDINGS.map((each) => (
          <li key={each}>
            <a href={href("agents", "", { status: each })} title={f.standingRules[each]} data-testid={`standing-${each}`}>
              <StandingDot standing={each}>{f.standings[each]}</StandingDot>
              <b class="figure">{formatNumber(standings[each])}</b>
            </a>
            {each === "busy" && labels.size > 0 && (
              <ul class="labels">
                {[...labels].sort(([one], [other]) => one.localeCompare(other)).map(([label, count]) => (
                  <li key={label}><a href={href("agents", "", { status: `=${label}` })}><span class="clip">{label}</span><b class="figure">{formatNumber(count)}</b></a></li>
                ))}
              </ul>
            )}
          </li>
        ))}
        <li class="apart"><span>{f.rungHead}</span><b class="figure" data-testid="agents-offered">{formatNumber(offered)}</b></li>
        {isWall.value && flags > 0 && <li class="apart mark-soon"><span>{f.flagsHead}</span><b class="figure">{formatNumber(flags)}</b></li>}
      </ul>
    </section>
  );
}

// The numbers stand below it.
function Share({ standings, agents }: { standings: Readonly<Record<Standing, number>>; agents: number }): JSX.Element {
  return (
    <div class="share" aria-hidden="true">
      {STANDINGS.filter((each) => standings[each] > 0).map((each) => (
        <i key={each} class={`of-${each}`} style={{ flexGrow: standings[each] }} title={`${f.standings[each]} ${formatShare(standings[each] / agents)}`} />
      ))}
    </div>
  );
}
