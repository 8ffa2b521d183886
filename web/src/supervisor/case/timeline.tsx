import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import type { Event } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Foreign } from "../../ui/foreign";
import { formatDate, formatDuration, formatExactTime } from "../../ui/format";
import { Baton } from "../../ui/marks";
import { Loading } from "../../ui/states";
import { actor } from "../../ui/texts";
import { w } from "../../ui/texts/work";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { useNames } from "./names";
import { type NameOf, holdings, meaningOf, tell } from "./story";
import type { WatchedCase } from "./watched-case";

/** Whose the case has been and how it came there: the bar of its owners, then what happened, newest first. */
export function Timeline({ watched }: { watched: WatchedCase }): JSX.Element {
  const { notices } = useDashboard();
  const nameOf = useNames();
  const events = watched.events.value;
  if (events.length === 0 && !watched.isCut.value) return <Loading />;
  const earlier = (): Promise<unknown> => act(notices, w.timeline, () => watched.readEarlier(), null);
  return (
    <section class="part" data-testid="timeline">
      <h2>{w.timeline}</h2>
      {events.length > 0 && <Owners watched={watched} nameOf={nameOf} />}
      <ol class="timeline">
        {events.map((event, index) => <Entry key={event.position} event={event} next={events[index - 1]} nameOf={nameOf} />)}
      </ol>
      {watched.cursor.value !== null && <Button kind="quiet" testid="timeline-more" onPress={earlier}>{w.earlier}</Button>}
      {watched.isCut.value && <p class="soft">{w.logCut}</p>}
    </section>
  );
}

function Owners({ watched, nameOf }: { watched: WatchedCase; nameOf: NameOf }): JSX.Element {
  const { client } = useDashboard();
  const stays = useComputed(() => holdings(watched.events.value, client.time.now()));
  const parts = stays.value;
  const said = ({ agent, queue, sinceMs, untilMs }: (typeof parts)[number]): string => w.held(agent ? nameOf(agent) : w.inLine(queue), formatDuration(untilMs - sinceMs));
  return (
    <div class="owners" role="img" aria-label={`${w.whoseItWas}: ${parts.map(said).join("; ")}`} data-testid="owners">
      {parts.map((part) => (
        <span key={part.sinceMs} class={part.agent ? "stretch mark-act" : "stretch mark-waits"} title={said(part)} style={{ flexGrow: Math.max(1, part.untilMs - part.sinceMs) }}>
          <i /><span class="clip foreign">{part.agent ? nameOf(part.agent) : part.queue}</span>
        </span>
      ))}
    </div>
  );
}

/** `next` is what came after it: until then it stood so. */
function Entry({ event, next, nameOf }: { event: Event; next: Event | undefined; nameOf: NameOf }): JSX.Element {
  const { what, more, text } = tell(event, nameOf);
  const { at_ms: at = 0, actor: by = "", state = "" } = event;
  const stoodMs = next?.at_ms === undefined ? 0 : next.at_ms - at;
  return (
    <li class="entry" data-testid="entry" data-event={event.type}>
      <time title={formatDate(at)} dateTime={new Date(at).toISOString()}>{formatExactTime(at)}</time>
      <Baton meaning={meaningOf(state)} />
      <div class="told">
        <p><b class="foreign">{what}</b>{more.length > 0 && <span class="foreign">, {more.join(", ")}</span>}</p>
        {text !== undefined && <p class="note-text foreign">{text}</p>}
        <p class="soft">{w.by(byWords(by, nameOf))}{stoodMs >= 1_000 && ` · ${w.stood(formatDuration(stoodMs))}`}</p>
      </div>
    </li>
  );
}

function byWords(by: string, nameOf: NameOf): string {
  return by.startsWith("agent:") ? nameOf(by.slice("agent:".length)) : actor(by);
}

/** What was written on the case, oldest first. */
export function Notes({ watched }: { watched: WatchedCase }): JSX.Element | null {
  const nameOf = useNames();
  const notes = watched.notes.value;
  if (notes.length === 0) return <p class="soft">{w.noNotes}</p>;
  return (
    <ul class="notes-of">
      {notes.map(({ number, at_ms, actor: by, text }) => (
        <li key={number}>
          <p class="soft">{byWords(by, nameOf)} · <time>{formatDate(at_ms)}</time></p>
          <p class="note-text"><Foreign text={text} /></p>
        </li>
      ))}
    </ul>
  );
}
