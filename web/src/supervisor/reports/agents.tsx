import type { JSX } from "preact";
import type { ReportRow } from "../../sdk/index.ts";
import { codes, word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import { useNames } from "../case/names";
import { href } from "../route";
import { spanOf } from "./asked";
import { meaningOf, titleOf } from "./columns";
import { Defined } from "./defined";
import { Figures } from "./figures";
import { Panel } from "./panel";
import { KINDS_OF_TIME, type Time, timesOf } from "./times";
import { isLater } from "./later";
import { useReport } from "./use-report";
import { UNKNOWN, formatLength, formatPart, numberOf, textOf } from "./values";
import type { ViewProps } from "./view";

const FIGURES = ["handled", "handle_mean_ms", "wrap_up_mean_ms", "missed_share", "online_ms", "idle_ms", "occupancy_primary", "occupancy_interruptible"];
const WORK_ALONE = ["handled", "handed_on", "handle_mean_ms", "wrap_up_mean_ms", "accepted", "declined", "missed", "missed_share"];
const MOST = 25;
const PARTS = ["full_ms", "idle_ms", "gone_ms"];
const OF_STATUS = ["total_ms", "share", ...PARTS];

/** Agents: what they did, and where their time went: at work, idle, in which status. */
export function Agents({ asked, answer }: ViewProps): JSX.Element {
  const hasTime = numberOf(answer.total, "online_ms") !== null;
  return (
    <>
      <Figures answer={answer} names={hasTime ? FIGURES : WORK_ALONE} />
      {hasTime ? <div class="charts">{asked.by === "agent" || asked.by === "team" ? <TimesOf answer={answer.rows} by={asked.by} /> : null}<Statuses {...{ asked, answer }} /></div> : <p class="soft">{r.workAlone}</p>}
    </>
  );
}

function TimesOf({ answer, by }: { answer: readonly ReportRow[]; by: "agent" | "team" }): JSX.Element {
  const nameOf = useNames();
  const rows = answer.map((row) => ({ id: textOf(row, by), times: timesOf(row) })).filter(({ times }) => times.length > 0);
  const longest = [...rows].sort((one, other) => whole(other.times) - whole(one.times)).slice(0, MOST);
  const highest = Math.max(1, ...longest.map(({ times }) => whole(times)));
  return (
    <section class="panel" aria-labelledby="times" data-testid="times">
      <h2 id="times">{r.timesChart}</h2>
      <ul class="key-of">{KINDS_OF_TIME.map((name) => <li key={name}><i class={`time-${name}`} aria-hidden="true" />{r.agentTimes[name]}</li>)}</ul>
      <ul class="times-of">
        {longest.map(({ id, times }) => (
          <li key={id}>
            {by === "agent" ? <a class="clip foreign" href={href("agent", id)}>{nameOf(id)}</a> : <span class="clip foreign">{id || r.noName}</span>}
            <span class="share" role="img" aria-label={times.map(said).join(", ")} title={times.map(said).join(", ")}>{times.map(({ name, ms }) => <i key={name} class={`time-${name}`} style={{ inlineSize: `${((ms / highest) * 100).toFixed(2)}%` }} />)}</span>
          </li>
        ))}
      </ul>
      {rows.length > MOST && <p class="soft">{r.longestTimes(MOST)}</p>}
    </section>
  );
}

const whole = (times: readonly Time[]): number => times.reduce((sum, { ms }) => sum + ms, 0);
const said = ({ name, ms }: Time): string => `${r.agentTimes[name]} ${formatLength(ms)}`;

function Statuses({ asked, answer }: Pick<ViewProps, "asked" | "answer">): JSX.Element {
  // Read with each of the numbers above, so that it is of their time, but for what came between the two.
  const statuses = useReport("statuses", { ...spanOf(asked), by: "" }, answer.as_of_ms);
  return (
    <Panel title={r.statusChart} reported={statuses} testid="statuses">
      {({ report }) => {
        const rows = report.rows.filter((row) => (numberOf(row, "total_ms") ?? 0) > 0).sort((one, other) => numberOf(other, "total_ms")! - numberOf(one, "total_ms")!);
        const all = rows.reduce((sum, row) => sum + numberOf(row, "total_ms")!, 0);
        if (rows.length === 0) return <p class="soft">{r.nothing}</p>;
        return (
          <>
            {isLater(report, answer) && <p class="soft" data-testid="read-later">{r.readLater}</p>}
            <div class="scrolls" tabIndex={0} role="group" aria-label={r.statusChart}>
              <table>
                <thead><tr><th class="name">{r.status}</th>{OF_STATUS.map((name) => <th key={name}><Defined name={titleOf(name)} says={meaningOf(report, name)} /></th>)}</tr></thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={`${textOf(row, "status")} ${textOf(row, "label")}`}>
                      <th scope="row" class="foreign">{word(codes.statuses, textOf(row, "label") || textOf(row, "status"))}</th>
                      <td>{formatLength(numberOf(row, "total_ms")!)}</td><td>{formatPart(numberOf(row, "total_ms")! / all)}</td>
                      {PARTS.map((name) => <td key={name}>{numberOf(row, name) ? formatLength(numberOf(row, name)!) : UNKNOWN}</td>)}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        );
      }}
    </Panel>
  );
}
