import type { JSX } from "preact";
import type { Case, Why } from "../sdk/index";
import { readWhy } from "../sdk/reads";
import { plain } from "../ui/foreign";
import { formatDate, formatDuration, formatList, formatNumber } from "../ui/format";
import { Failed, Loading } from "../ui/states";
import { codes, word } from "../ui/texts";
import { c } from "../ui/texts/case";
import { useReading } from "./reading";
import { refusal } from "./sentences";
import type { Work } from "./work";

/** Why the case is where it is, as the engine accounts for it. */
export function WhyHere({ work, one }: { work: Work; one: Case }): JSX.Element {
  const { answer, failure, again } = useReading(() => readWhy(work.client, one.case), `${one.case} ${one.revision}`);
  if (failure.value) return <Failed title={c.notRead} onRetry={again}>{refusal(failure.value, work.reader)}</Failed>;
  if (!answer.value) return <Loading />;
  return one.state === "waiting" ? <Waiting why={answer.value} /> : <Decisions work={work} why={answer.value} />;
}

function Waiting({ why }: { why: Why }): JSX.Element {
  const { reason, place, waiting, next_change, estimated_wait_ms, counts } = why;
  return (
    <div class="why" data-testid="why">
      <p><b>{word(codes.whyReasons, reason)}</b></p>
      {place !== undefined && waiting !== undefined && <p>{c.placeOf(place, waiting)}</p>}
      {estimated_wait_ms !== undefined && <p>{c.estimated(formatDuration(estimated_wait_ms))}</p>}
      {next_change && <p>{c.nextChange(word(codes.nextChanges, next_change.what), formatDate(next_change.at_ms))}</p>}
      <ul class="soft">
        {Object.entries(counts).map(([fails, count]) => <li key={fails}>{c.soMany(formatNumber(count), word(codes.fails, fails))}</li>)}
      </ul>
    </div>
  );
}

function Decisions({ work, why }: { work: Work; why: Why }): JSX.Element {
  const name = (id: string): string => plain(work.names.of(id));
  if (why.decisions.length === 0) return <p class="soft">{c.noDecision}</p>;
  return (
    <ol class="why" data-testid="why">
      {why.decisions.map(({ position, at_ms, agent, rule, considered = [], passed = [] }) => {
        const others = considered.filter((id) => id !== agent);
        return (
          <li key={position}>
            <p><b>{rule ? c.chosen(name(agent), word(c.rulesOfAgent, rule)) : c.chosenByHand(name(agent))}</b> <time class="soft">{formatDate(at_ms)}</time></p>
            {rule && <p>{c.whyThis(word(c.rulesOfCase, rule))}</p>}
            {others.length > 0 && <p class="soft">{c.nextWould(formatList(others.map(name)))}</p>}
            {passed.length > 0 && <p class="soft">{c.passedOver(formatList(passed.map(name)))}</p>}
          </li>
        );
      })}
    </ol>
  );
}
