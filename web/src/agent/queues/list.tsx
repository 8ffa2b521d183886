import type { JSX } from "preact";
import type { QueueSummary } from "../../sdk/index";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/marks";
import { formatNumber } from "../../ui/format";
import { v } from "../../ui/texts/views";
import { Empty } from "../../ui/states";
import type { Work } from "../work";
import { stopWord } from "./standing";

/** The agent's queues, to choose one whose line is shown. Only that one is followed: the others' counts are as of the time that stands below. */
export function QueueList({ work, chosen, onChoose }: { work: Work; chosen: string | null; onChoose: (queue: string) => void }): JSX.Element {
  const queues = work.queues.value;
  const atMs = work.countedAtMs.value;
  if (queues.length === 0) return <Empty title={v.noQueues}>{v.noQueuesWhy}</Empty>;
  return (
    <>
      <ul class="queue-list">
        {queues.map((queue) => (
          <li key={queue.queue}>
            <button type="button" class="queue-choice" aria-current={queue.queue === chosen ? "page" : undefined} title={v.modes[queue.mode]}
              data-testid="queue-tab" data-queue={queue.queue} onClick={() => onChoose(queue.queue)}>
              <span class="clip">{queue.queue}</span>
              <Stopped queue={queue} />
              <Waiting queue={queue} isLive={queue.queue === chosen} atMs={atMs} />
            </button>
          </li>
        ))}
      </ul>
      <p class="counted soft">
        <span data-testid="counted-at">{v.countedAt(atMs)}</span>
        <Button kind="quiet" testid="count-again" disabled={work.link.state.value !== "connected"} onPress={() => work.attempt(work.agent.renew())}>{v.countAgain}</Button>
      </p>
    </>
  );
}

function Stopped({ queue }: { queue: QueueSummary }): JSX.Element | null {
  const word = stopWord(queue);
  return word === null ? null : <Badge meaning={queue.draining && !queue.paused && queue.open ? "soon" : "late"}>{word}</Badge>;
}

function Waiting({ queue: { waiting }, isLive, atMs }: { queue: QueueSummary; isLive: boolean; atMs: number }): JSX.Element {
  const words = isLive ? v.waiting(waiting) : v.waitingAsOf(waiting, atMs);
  return (
    <span class={isLive ? "count live" : "count"} title={words}>
      <span aria-hidden="true">{formatNumber(waiting)}</span>
      <span class="visually-hidden">{words}</span>
    </span>
  );
}
