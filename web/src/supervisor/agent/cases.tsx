import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case, ChannelSummary } from "../../sdk/index.ts";
import { Foreign } from "../../ui/foreign";
import { formatClock } from "../../ui/format";
import { Badge, Baton, type Meaning } from "../../ui/marks";
import { codes, t, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { Clock, LiveText } from "../../ui/time";
import { PlaceLink } from "../shell/place-link";
import type { Asked } from "./case-dialog";
import { CaseMenu } from "./case-menu";

interface CasesProps {
  title: string;
  empty: string;
  cases: readonly Case[];
  channels: Record<string, ChannelSummary> | undefined;
  onAsk: (asked: Asked) => void;
  testid: string;
}

const SHOWN = 50; // more in one hand are rare; the rest is a press away

/** The cases that ring at somebody, or that somebody owns. */
export function Cases({ title, empty, cases, channels, onAsk, testid }: CasesProps): JSX.Element {
  const isWhole = useSignal(false);
  const shown = isWhole.value ? cases : cases.slice(0, SHOWN);
  return (
    <section class="part" data-testid={testid}>
      <h3>{title} {cases.length > 0 && <span class="soft figure">{cases.length}</span>}</h3>
      {cases.length === 0 ? <p class="soft">{empty}</p> : <ul class="held">{shown.map((one) => <Held key={one.case} one={one} channel={channels?.[one.channel]} onAsk={onAsk} />)}</ul>}
      {shown.length < cases.length && <button type="button" class="button quiet" onClick={() => (isWhole.value = true)}>{f.showAll(cases.length)}</button>}
    </section>
  );
}

const MEANINGS: Readonly<Record<string, Meaning>> = { offered: "soon", active: "act", parked: "waits", wrapping: "ready" };

interface HeldProps {
  one: Case;
  channel: ChannelSummary | undefined;
  onAsk: (asked: Asked) => void;
}

function Held({ one, channel, onAsk }: HeldProps): JSX.Element {
  const subject = one.card?.subject ?? one.case;
  const dueAtMs = one.completion_due_at_ms;
  return (
    <li class="held-case" data-testid="held-case" data-case={one.case}>
      <Baton meaning={one.window ? "planned" : (MEANINGS[one.state] ?? "waits")} />
      <div class="what">
        <PlaceLink screen="case" id={one.case}><Foreign text={subject} /></PlaceLink>
        <p class="soft clip">
          {word(codes.caseStates, one.target ? "offered" : one.state)} <Time one={one} /> · <Foreign text={one.queue} /> · {t.priority(one.priority)}
          {one.stage && <> · {word(codes.stages, one.stage)}</>}
          {dueAtMs !== undefined && <> · <Due atMs={dueAtMs} /></>}
        </p>
        {one.wake_pending && <Badge meaning="soon">{codes.events.case_wake_pending}</Badge>}
      </div>
      <CaseMenu one={one} onAsk={(what) => onAsk({ what, one, channel })} />
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
