import type { ComponentChildren, JSX } from "preact";
import type { CaseDetail } from "../../sdk/index.ts";
import { Foreign, plain, recordUrl } from "../../ui/foreign";
import { formatClock, formatDate, formatNumber, formatSpan } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { codes, t, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { LiveText } from "../../ui/time";
import { sought } from "../cases/sought";
import { href } from "../route";
import { hasEnded } from "./ended";
import { useNames } from "./names";
import { ownerWords, rings } from "./whose";

type Pair = readonly [string, ComponentChildren];

const n = w.facts;

/** What stands on the case, what it asks for and which clocks run. */
export function CaseFacts({ one }: { one: CaseDetail }): JSX.Element {
  const nameOf = useNames();
  const who = (agent: string): JSX.Element => <a href={href("agent", agent)} class="foreign">{nameOf(agent)}</a>;
  const skills = Object.entries(one.skills ?? {}).map(([skill, level]) => `${plain(skill)} ${formatNumber(level)}`);
  const pairs: (Pair | false | undefined)[] = [
    [n.id, <span class="foreign">{one.case}</span>],
    one.card?.customer !== undefined && one.card.customer !== "" && [n.customer, <a href={href("cases")} title={w.otherCases} onClick={() => (sought.value = one.card!.customer!)}><Foreign text={one.card.customer} /></a>],
    !!one.card?.place && [n.place, <Foreign text={one.card.place} />],
    [n.queue, <a href={href("queue", one.queue)} class="foreign">{one.queue}</a>],
    [n.channel, <Foreign text={one.channel} />],
    [n.priority, formatNumber(one.priority)],
    one.agent !== undefined && [hasEnded(one) ? w.whoseItWas : rings(one) ? n.ringsAt : n.owner, who(one.agent)],
    rings(one) && [n.owner, <span class="foreign">{ownerWords(one, nameOf)}</span>],
    [n.skills, skills.length > 0 ? skills.join(", ") : w.noneAsked],
    one.tier !== undefined && [n.tier, w.upToTier(one.tier)],
    one.cost !== undefined && [n.cost, w.units(one.cost, one.pool ?? "")],
    one.required_agent !== undefined && [n.required, who(one.required_agent)],
    one.preferred_agent !== undefined && [n.preferred, one.preferred_until_ms ? w.untilThen(nameOf(one.preferred_agent), formatDate(one.preferred_until_ms)) : who(one.preferred_agent)],
    one.linked_case !== undefined && [n.linked, <a href={href("case", one.linked_case)} class="foreign">{one.linked_case}</a>],
    one.stage !== undefined && [n.stage, word(codes.stages, one.stage)],
    one.window && [n.window, formatSpan(one.window.from_ms, one.window.until_ms)],
    one.disposition !== undefined && [n.disposition, <Foreign text={one.disposition} />],
  ];
  return <Pairs pairs={[...pairs, ...clocksOf(one)].filter((pair): pair is Pair => !!pair)} />;
}

function clocksOf(one: CaseDetail): (Pair | false)[] {
  const { state, deadline_at_ms } = one;
  const due = (name: string, atMs: number | undefined): Pair | false => atMs !== undefined && [name, <Due atMs={atMs} />];
  return [
    [n.requested, formatDate(one.requested_at_ms)],
    one.queued_at_ms !== undefined && one.queued_at_ms > 0 && [n.queued, formatDate(one.queued_at_ms)],
    due(n.firstOwner, one.first_owner_due_at_ms),
    due(n.completion, one.completion_due_at_ms),
    due(n.due, one.due_at_ms),
    one.wake_at_ms !== undefined && [n.wake, formatDate(one.wake_at_ms)],
    state === "offered" && due(n.offered, deadline_at_ms),
    state === "wrapping" && due(n.wrapUp, deadline_at_ms),
  ];
}

/** By when, and how long that still is. */
export function Due({ atMs }: { atMs: number }): JSX.Element {
  return <LiveText of={atMs} title={formatDate(atMs)} read={(now) => (now > atMs ? f.overdue(formatClock(now - atMs)) : f.left(formatClock(atMs - now)))} />;
}

function Pairs({ pairs }: { pairs: readonly Pair[] }): JSX.Element {
  return <dl class="facts" data-testid="facts">{pairs.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

/** A link to the case's record, where it has one. */
export function RecordLink({ url }: { url: string | undefined }): JSX.Element | null {
  const record = recordUrl(url);
  return record && <a href={record.href} target="_blank" rel="noopener noreferrer" class="button quiet"><Icon name="external" />{t.recordOn(record.host)}</a>;
}

/** What programs wrote on the case, as it is. */
export function CaseData({ data }: { data: unknown }): JSX.Element | null {
  if (data === undefined || data === null) return null;
  return <section class="part"><h3>{w.data}</h3><pre class="data foreign" tabIndex={0}>{JSON.stringify(data, null, 2)}</pre></section>;
}
