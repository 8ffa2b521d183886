import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case, Event, Page } from "../sdk/index";
import { Button } from "../ui/button";
import { plain } from "../ui/foreign";
import { formatDate, formatDuration, formatExactTime } from "../ui/format";
import { Failed, Loading } from "../ui/states";
import { actor, codes, word } from "../ui/texts";
import { c } from "../ui/texts/case";
import { useReading } from "./reading";
import { refusal } from "./sentences";
import { agentOf } from "./words";
import type { Work } from "./work";

const AT_ONCE = 50;

/** Whose the case has been and how it came there, newest first, in words. */
export function Timeline({ work, one }: { work: Work; one: Case }): JSX.Element {
  const first = useReading(() => work.client.http.history(one.case, { limit: AT_ONCE }), `${one.case} ${one.revision}`);
  const older = useSignal<readonly Page<Event>[]>([]);
  const pages = first.answer.value ? [first.answer.value, ...older.value] : [];
  const last = pages.at(-1) as (Page<Event> & { truncated?: boolean }) | undefined;
  async function more(): Promise<void> {
    const page = work.client.http.history(one.case, { limit: AT_ONCE, cursor: last!.next_cursor! });
    await work.attempt(page.then((found) => (older.value = [...older.value, found])), one);
  }
  if (first.failure.value) return <Failed title={c.notRead} onRetry={first.again}>{refusal(first.failure.value, work.reader)}</Failed>;
  if (!last) return <Loading />;
  return (
    <>
      <ol class="timeline" data-testid="timeline">
        {pages.flatMap(({ items }) => items).map((event) => <Entry work={work} event={event} key={event.position} />)}
      </ol>
      {last.next_cursor && <Button kind="quiet" testid="timeline-more" onPress={more}>{c.earlier}</Button>}
      {last.truncated && <p class="soft">{c.logEndsHere}</p>}
    </>
  );
}

function Entry({ work, event }: { work: Work; event: Event }): JSX.Element {
  const name = (id: string): string => plain(work.names.of(id));
  const by = agentOf(event.actor);
  const at = event.at_ms ?? 0;
  return (
    <li class="entry">
      <time title={formatDate(at)} dateTime={new Date(at).toISOString()}>{formatExactTime(at)}</time>
      <span>
        <b>{word(codes.events, event.type)}</b> <span class="soft">{details(event, name).join(" · ")}</span>
      </span>
      <span class="soft"><bdi>{by ? name(by) : actor(event.actor ?? "")}</bdi></span>
    </li>
  );
}

/** What an event says beside its type: to whom, from where, why, and for how long it had waited. */
export function details(event: Event, name: (id: string) => string): string[] {
  const { type, agent, queue, queue_before, reason, decision, disposition, stage, wake_at_ms, target, target_before, waited, note } = event;
  const found: (string | undefined | false)[] = [
    (type === "case_offered" || type === "case_assigned" || (type === "case_transferred" && !!agent)) && agent && c.to(name(agent)),
    type === "transfer_offered" && target && c.to(name(target)),
    type === "transfer_failed" && target_before && name(target_before),
    type === "case_queued" && queue,
    type === "case_transferred" && !agent && queue && c.fromTo(queue_before ?? "", queue),
    decision && word(codes.rules, decision.rule),
    reason && word(codes.causes, reason),
    disposition,
    type === "stage_changed" && stage && word(codes.stages, stage),
    type === "case_parked" && wake_at_ms !== undefined && c.until(formatDate(wake_at_ms)),
    note && plain(note.text),
  ];
  const waitedMs = Object.values(waited ?? {}).reduce((sum, ms) => sum + ms, 0);
  if (waitedMs >= 1_000) found.push(c.afterWaiting(formatDuration(waitedMs)));
  return found.filter((text): text is string => !!text);
}
