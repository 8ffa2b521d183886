import type { JSX } from "preact";
import type { QueueSummary } from "../../sdk/index";
import { Badge } from "../../ui/marks";
import { formatNumber } from "../../ui/format";
import { v } from "../../ui/texts/views";
import { Empty } from "../../ui/states";
import type { Work } from "../work";
import { stopWord } from "./standing";

/** The agent's queues, to choose one whose line is shown. */
export function QueueList({ work, chosen, onChoose }: { work: Work; chosen: string | null; onChoose: (queue: string) => void }): JSX.Element {
  const queues = work.queues.value;
  if (queues.length === 0) return <Empty title={v.noQueues}>{v.noQueuesWhy}</Empty>;
  return (
    <ul class="queue-list">
      {queues.map((queue) => (
        <li key={queue.queue}>
          <button type="button" class="queue-choice" aria-current={queue.queue === chosen ? "page" : undefined} title={v.modes[queue.mode]}
            data-testid="queue-tab" data-queue={queue.queue} onClick={() => onChoose(queue.queue)}>
            <span class="clip">{queue.queue}</span>
            <Stopped queue={queue} />
            <Waiting queue={queue} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Stopped({ queue }: { queue: QueueSummary }): JSX.Element | null {
  const word = stopWord(queue);
  return word === null ? null : <Badge meaning={queue.draining && !queue.paused && queue.open ? "soon" : "late"}>{word}</Badge>;
}

function Waiting({ queue: { waiting } }: { queue: QueueSummary }): JSX.Element {
  const words = v.waiting(waiting);
  return (
    <span class="count" title={words}>
      <span aria-hidden="true">{formatNumber(waiting)}</span>
      <span class="visually-hidden">{words}</span>
    </span>
  );
}
