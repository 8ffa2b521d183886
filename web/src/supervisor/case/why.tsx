import type { JSX } from "preact";
import type { Candidate, Decision, Why } from "../../sdk/index.ts";
import { formatDate, formatDuration, formatExactTime, formatList, formatShare, formatTime } from "../../ui/format";
import { actor, codes, word } from "../../ui/texts";
import { w } from "../../ui/texts/work";
import { LiveText } from "../../ui/time";
import { href } from "../route";
import { hasEnded } from "./ended";
import { useNames } from "./names";
import type { NameOf } from "./story";
import { chosenWords, ownerWords, rings } from "./whose";

/** Why a case is where it is: the sentence, then who fails by what, what changes by itself, and where the time went. */
export function WhyView({ why }: { why: Why }): JSX.Element {
  const nameOf = useNames();
  const waits = why.case.state === "waiting";
  return (
    <div class="why" data-testid="why">
      <p class="sentence" data-testid="why-sentence">{sentence(why, nameOf)}</p>
      {waits && <Outlook why={why} nameOf={nameOf} />}
      {waits && <Candidates why={why} nameOf={nameOf} />}
      {why.waited && <TimeWent waited={why.waited} sinceMs={why.case.queued_at_ms} />}
      <Decisions decisions={why.decisions} nameOf={nameOf} />
      {why.stays.length > 0 && (
        <section class="part">
          <h3>{w.earlierStays}</h3>
          {why.stays.map((stay) => (
            <div key={stay.until_ms} class="stay">
              <p class="soft"><time title={formatDate(stay.until_ms)}>{formatExactTime(stay.until_ms)}</time> · {word(codes.events, stay.ended_by)}</p>
              <Shares waited={stay.waited} />
            </div>
          ))}
        </section>
      )}
    </div>
  );
}


/** In one sentence. */
export function sentence({ case: one, reason, counts }: Why, nameOf: NameOf): string {
  const state = word(codes.caseStates, one.state);
  if (rings(one) && one.agent) return w.ringsAt(nameOf(one.agent), ownerWords(one, nameOf));
  if (one.state !== "waiting") return one.agent && !hasEnded(one) ? w.isWith(state, nameOf(one.agent)) : w.isWithNobody(state);
  if (reason === "") return word(codes.whyReasons, "being_matched").concat(".");
  const words = word(codes.whyReasons, reason);
  // What keeps agents from it differs: then the one reason that most have is not all there is to say.
  const kinds = reason in counts ? Object.entries(counts).sort(([, one], [, other]) => other - one) : [];
  if (kinds.length > 1) return `${words} (${formatList(kinds.map(([fails, count]) => `${w.agentsFail(count)}: ${failWords(fails)}`))}).`;
  return kinds.length === 1 ? `${words} (${w.agentsFail(kinds[0]![1])}).` : `${words}.`; // "all" may be one
}

const NOTHING = "none"; // fails nobody: could have it

function failWords(fails: string): string {
  return fails === NOTHING ? w.couldHaveIt : word(codes.fails, fails);
}

function Outlook({ why, nameOf }: { why: Why; nameOf: NameOf }): JSX.Element {
  const { place, waiting, estimated_wait_ms, next_change, reserved_agent } = why;
  return (
    <ul class="outlook">
      {place !== undefined && waiting !== undefined && <li data-testid="why-place">{w.placeInLine(place, waiting)}</li>}
      <li>{estimated_wait_ms === undefined ? w.noEstimate : w.estimate(formatDuration(estimated_wait_ms))}</li>
      {reserved_agent && <li>{w.keptFor(nameOf(reserved_agent))}</li>}
      {next_change && (
        <li data-testid="why-next">
          <LiveText of={next_change.at_ms} read={(now) => w.next(word(codes.nextChanges, next_change.what), formatTime(next_change.at_ms), formatDuration(next_change.at_ms - now))} />
        </li>
      )}
    </ul>
  );
}

function Candidates({ why, nameOf }: { why: Why; nameOf: NameOf }): JSX.Element | null {
  const kinds = Object.entries(why.counts).sort(([, one], [, other]) => other - one);
  if (kinds.length === 0) return null;
  const most = Math.max(...kinds.map(([, count]) => count));
  const named = grouped(why.agents);
  const all = kinds.reduce((sum, [, count]) => sum + count, 0);
  return (
    <section class="part" data-testid="why-agents">
      <h3>{w.whoFails}</h3>
      {kinds.map(([fails, count]) => (
        <details key={fails} class="fails" open={kinds.length === 1 && count <= 12}>
          <summary>
            <span class="bar" aria-hidden="true"><i style={{ inlineSize: `${(100 * count) / most}%` }} /></span>
            <b class="figure">{w.agentsFail(count)}</b> <span>{failWords(fails)}</span>
          </summary>
          <ul class="chips">{(named.get(fails) ?? []).map((each) => <li key={each.agent}><Fails each={each} nameOf={nameOf} /></li>)}</ul>
        </details>
      ))}
      {why.agents.length < all && <p class="soft">{w.notAllNamed(why.agents.length)}</p>}
    </section>
  );
}

function grouped(agents: readonly Candidate[]): Map<string, Candidate[]> {
  const found = new Map<string, Candidate[]>();
  for (const each of agents) {
    const fails = each.fails ?? NOTHING;
    found.set(fails, [...(found.get(fails) ?? []), each]);
  }
  return found;
}

function Fails({ each, nameOf }: { each: Candidate; nameOf: NameOf }): JSX.Element {
  return (
    <>
      <a href={href("agent", each.agent)} class="foreign">{nameOf(each.agent)}</a>
      {each.until_ms !== undefined && <small class="soft"> {w.until(formatTime(each.until_ms))}</small>}
      {each.reserved_case && <small class="soft"> {w.forCase(each.reserved_case)}</small>}
    </>
  );
}

function TimeWent({ waited, sinceMs }: { waited: Record<string, number>; sinceMs: number | undefined }): JSX.Element {
  return <section class="part" data-testid="why-waited"><h3>{sinceMs ? w.timeWentSince(formatTime(sinceMs)) : w.timeWent}</h3><Shares waited={waited} /></section>;
}

/** A bar of where a wait's time went, and the same in words. */
function Shares({ waited }: { waited: Record<string, number> }): JSX.Element {
  const parts = Object.entries(waited).filter(([, ms]) => ms > 0).sort(([, one], [, other]) => other - one);
  const all = parts.reduce((sum, [, ms]) => sum + ms, 0);
  return (
    <>
      <div class="share waited" aria-hidden="true">{parts.map(([cause, ms]) => <i key={cause} class={`because-${cause}`} style={{ flexGrow: ms }} />)}</div>
      <ul class="shares">{parts.map(([cause, ms]) => <li key={cause}><i class={`because-${cause}`} aria-hidden="true" />{w.shareOf(word(codes.waited, cause), formatDuration(ms), formatShare(ms / all))}</li>)}</ul>
    </>
  );
}

function Decisions({ decisions, nameOf }: { decisions: readonly Decision[]; nameOf: NameOf }): JSX.Element | null {
  if (decisions.length === 0) return null;
  return (
    <section class="part" data-testid="why-decisions">
      <h3>{w.decided}</h3>
      <ul class="decisions">
        {decisions.map(({ event, position, at_ms, agent, actor: by, rule, considered = [], passed = [] }) => {
          const others = considered.filter((each) => each !== agent);
          return (
            <li key={position}>
              <time title={formatDate(at_ms)}>{formatExactTime(at_ms)}</time>
              <span>
                {rule ? w.byRule(chosenWords({ event, agent }, nameOf), word(codes.rules, rule)) : w.byHand(chosenWords({ event, agent }, nameOf), actor(by))}
                {others.length > 0 && <span class="soft"> {w.nextWere(formatList(others.map(nameOf)))}</span>}
                {passed.length > 0 && <span class="soft"> {w.passedOver(formatList(passed.map(nameOf)))}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
