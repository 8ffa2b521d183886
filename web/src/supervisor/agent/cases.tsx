import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case, ChannelSummary } from "../../sdk/index.ts";
import { Foreign } from "../../ui/foreign";
import { formatClock } from "../../ui/format";
import { Badge, Baton, type Meaning } from "../../ui/marks";
import { codes, t, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { Clock, LiveText } from "../../ui/time";
import { href } from "../route";
import { CaseMenu } from "./case-menu";

interface CasesProps {
  title: string;
  empty: string;
  cases: readonly Case[];
  /** Whose they are. */
  name: string;
  channels: Record<string, ChannelSummary> | undefined;
  testid: string;
}

const SHOWN = 50; // more in one hand are rare; the rest is a press away

/** The cases that ring at somebody, or that somebody owns. */
export function Cases({ title, empty, cases, name, channels, testid }: CasesProps): JSX.Element {
  const isWhole = useSignal(false);
  const shown = isWhole.value ? cases : cases.slice(0, SHOWN);
  return (
    <section class="part" data-testid={testid}>
      <h3>{title} {cases.length > 0 && <span class="soft figure">{cases.length}</span>}</h3>
      {cases.length === 0 ? <p class="soft">{empty}</p> : <ul class="held">{shown.map((one) => <Held key={one.case} one={one} name={name} channel={channels?.[one.channel]} />)}</ul>}
      {shown.length < cases.length && <button type="button" class="button quiet" onClick={() => (isWhole.value = true)}>{f.showAll(cases.length)}</button>}
    </section>
  );
}

const MEANINGS: Readonly<Record<string, Meaning>> = { offered: "soon", active: "act", parked: "waits", wrapping: "ready" };

function Held({ one, name, channel }: { one: Case; name: string; channel: ChannelSummary | undefined }): JSX.Element {
  const subject = one.card?.subject ?? one.case;
  const isLate = one.completion_due_at_ms;
  return (
    <li class="held-case" data-testid="held-case" data-case={one.case}>
      <Baton meaning={one.window ? "planned" : (MEANINGS[one.state] ?? "waits")} />
      <div class="what">
        <a href={href("case", one.case)} class="clip"><Foreign text={subject} /></a>
        <p class="soft clip">
          {word(codes.caseStates, one.target ? "offered" : one.state)} <Time one={one} /> · <Foreign text={one.queue} /> · {t.priority(one.priority)}
          {one.stage && <> · {word(codes.stages, one.stage)}</>}
          {isLate !== undefined && <> · <Due atMs={isLate} /></>}
        </p>
        {one.wake_pending && <Badge meaning="soon">{codes.events.case_wake_pending}</Badge>}
      </div>
      <CaseMenu one={one} holder={name} dispositions={channel?.dispositions ?? []} returnReasons={channel?.return_reasons ?? []} />
    </li>
  );
}

/** What rings tells what is left, what is worked on since when. */
function Time({ one }: { one: Case }): JSX.Element {
  const deadline = one.state === "offered" ? one.deadline_at_ms : one.state === "wrapping" ? one.deadline_at_ms : undefined;
  return deadline ? <LiveText of={deadline} read={(now) => f.left(formatClock(deadline - now))} /> : <Clock since={one.state_at_ms} />;
}

function Due({ atMs }: { atMs: number }): JSX.Element {
  return <LiveText of={atMs} read={(now) => (now > atMs ? f.overdue(formatClock(now - atMs)) : f.due(formatClock(atMs - now)))} />;
}
